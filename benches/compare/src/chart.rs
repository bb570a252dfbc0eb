//! The figures as a drawing: GiB/s of each workload, read whole.

use std::error::Error;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::input::Chunk;
use crate::plan::KIB;
use crate::results::Group;

/// Who is drawn, and how: sseam large, the peers small, the yardstick as a line.
const SERIES: [(&str, RGBColor, Mark); 9] = [
    ("sseam", RGBColor(0xC0, 0x39, 0x2B), Mark::Large),
    ("sseam+strings", RGBColor(0xE5, 0x8E, 0x73), Mark::Large),
    ("sse-core", RGBColor(0x1F, 0x77, 0xB4), Mark::Small),
    ("sse-parse", RGBColor(0x2C, 0xA0, 0x2C), Mark::Small),
    ("sse-stream", RGBColor(0x94, 0x67, 0xBD), Mark::Small),
    ("sseer", RGBColor(0x8C, 0x56, 0x4B), Mark::Small),
    ("sse-codec", RGBColor(0x17, 0xA2, 0xB8), Mark::Small),
    ("eventsource-stream", RGBColor(0x7F, 0x7F, 0x7F), Mark::Small),
    ("newlines", RGBColor(0x33, 0x33, 0x33), Mark::Line),
];

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Large,
    Small,
    Line,
}

const SIZE: usize = 256 * KIB;
const WIDTH: u32 = 960;
const HEIGHT: u32 = 520;
const LEGEND: u32 = 190;
const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
const GRID: RGBColor = RGBColor(0xDD, 0xDD, 0xDD);

/// The drawing, if there is something to draw.
pub(crate) fn svg(groups: &[Group]) -> Result<Option<String>, Box<dyn Error>> {
    let groups: Vec<&Group> =
        groups.iter().filter(|group| group.size == SIZE && group.chunk == Chunk::Whole).collect();
    let mut svg = String::new();
    if !groups.is_empty() {
        draw(&groups, &mut svg)?;
    }
    Ok(Some(svg).filter(|svg| !svg.is_empty()))
}

fn draw(groups: &[&Group], svg: &mut String) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::with_string(svg, (WIDTH, HEIGHT)).into_drawing_area();
    // A page may be dark: the drawing brings its own paper.
    root.fill(&WHITE)?;
    let (plot, legend) = root.split_horizontally(WIDTH - LEGEND);
    columns(groups, &plot)?;
    names(&legend)?;
    root.present()?;
    Ok(())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// A column for each workload, in it a mark for each of the series.
#[allow(clippy::cast_precision_loss)] // Columns and series are few.
fn columns(groups: &[&Group], area: &Area<'_>) -> Result<(), Box<dyn Error>> {
    let speed = |group: &Group, name| group.best(name).map(|best| group.gib_per_s(best));
    let all = || groups.iter().flat_map(|group| SERIES.map(|(name, ..)| speed(group, name)));
    let lowest = all().flatten().fold(f64::INFINITY, f64::min) / 1.4;
    let highest = all().flatten().fold(0.0, f64::max) * 1.4;
    let x = -0.5..groups.len() as f64 - 0.5;
    let mut chart = ChartBuilder::on(area)
        .caption(
            "GiB/s on 256 KiB in one chunk: higher is better, logarithmic",
            ("sans-serif", 18, &INK),
        )
        .margin(12)
        .x_label_area_size(32)
        .y_label_area_size(52)
        .build_cartesian_2d(x, (lowest..highest).log_scale())?;
    let names: Vec<String> =
        groups.iter().map(|group| format!("{} {}", group.workload, group.title)).collect();
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(INK)
        .label_style(("sans-serif", 14, &INK))
        .x_labels(names.len())
        .x_label_formatter(&|at| label(&names, *at))
        .y_labels(12)
        .y_label_formatter(&|speed| format!("{speed}"))
        .draw()?;

    let dots = SERIES.iter().filter(|(_, _, mark)| *mark != Mark::Line).count() as f64;
    for (column, group) in groups.iter().enumerate() {
        let mut dot = 0.0;
        for (name, color, mark) in SERIES {
            // The dots of a column stand side by side, so that none hides another.
            let x = column as f64 + (dot + 0.5) / dots * 0.7 - 0.35;
            if mark != Mark::Line {
                dot += 1.0;
            }
            let Some(y) = speed(group, name) else { continue };
            match mark {
                Mark::Line => {
                    let ends = [(column as f64 - 0.42, y), (column as f64 + 0.42, y)];
                    chart.draw_series([PathElement::new(ends, color.stroke_width(2))])?;
                }
                Mark::Large => {
                    chart.draw_series([Circle::new((x, y), 6, color.filled())])?;
                }
                Mark::Small => {
                    chart.draw_series([Circle::new((x, y), 4, color.filled())])?;
                }
            }
        }
    }
    Ok(())
}

/// The workload whose column is at `at`, if one is.
fn label(names: &[String], at: f64) -> String {
    let here = (0_u32..).zip(names).find(|(column, _)| (f64::from(*column) - at).abs() < 0.01);
    here.map_or(String::new(), |(_, name)| name.clone())
}

/// What the marks stand for.
fn names(area: &Area<'_>) -> Result<(), Box<dyn Error>> {
    let style = ("sans-serif", 14, &INK).into_text_style(area);
    let style = style.pos(Pos::new(HPos::Left, VPos::Center));
    for ((name, color, mark), y) in SERIES.into_iter().zip((64..).step_by(24)) {
        match mark {
            Mark::Line => {
                area.draw(&PathElement::new([(4, y), (20, y)], color.stroke_width(2)))?;
            }
            Mark::Large => area.draw(&Circle::new((12, y), 6, color.filled()))?,
            Mark::Small => area.draw(&Circle::new((12, y), 4, color.filled()))?,
        }
        area.draw(&Text::new(name, (28, y), style.clone()))?;
    }
    for (line, y) in
        ["Without a dot: wrong there,", "or cut off for its time."].iter().zip([300, 318])
    {
        area.draw(&Text::new(*line, (4, y), style.clone()))?;
    }
    Ok(())
}

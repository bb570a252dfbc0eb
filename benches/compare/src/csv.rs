//! The figures for other programs: one line for each that was timed.

use std::fmt::Write;

use crate::results::Group;

pub(crate) fn table(groups: &[Group]) -> String {
    let mut text = String::from(
        "workload,size,chunk,implementation,ns_per_event,gib_per_s,ratio_to_newlines\n",
    );
    for group in groups {
        for row in &group.rows {
            let Some(best) = row.best() else { continue };
            let Some(ratio) = group.to_newlines(best) else { continue };
            writeln!(
                text,
                "{},{},{},{},{:.4},{:.5},{:.5}",
                group.workload,
                group.size,
                group.chunk,
                row.identity.name,
                group.ns_per_event(best),
                group.gib_per_s(best),
                ratio,
            )
            .expect("a string takes it");
        }
    }
    text
}

/* What mcu.c needs of a board. */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>

void board_print(const char *text, size_t len);
void board_print_line(const char *text);

#endif

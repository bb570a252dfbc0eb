/*
 * A Cortex-M4 (STM32F405) as QEMU's machine `netduinoplus2` has it: where the program begins, and output by
 * semihosting, to whoever debugs or emulates the board.
 */
#include <stddef.h>
#include <stdint.h>

#include "board.h"

int main(void);

extern uint32_t board_stack_top[], board_data_from[], board_data[], board_data_end[], board_bss[],
    board_bss_end[];

static int semihosting(int operation, const void *argument) {
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

/* To standard output. */
void board_print(const char *text, size_t len) {
    static int handle = -1;
    if (handle < 0) {
        const uintptr_t open[3] = {(uintptr_t)":tt", 4 /* To write. */, 3};
        handle = semihosting(0x01 /* SYS_OPEN */, open);
    }
    const uintptr_t write[3] = {(uintptr_t)handle, (uintptr_t)text, len};
    semihosting(0x05 /* SYS_WRITE */, write);
}

void board_print_line(const char *text) {
    size_t len = 0;
    while (text[len] != '\0') len++;
    board_print(text, len);
    board_print("\n", 1);
}

static void board_exit(int status) {
    const uint32_t reason[2] = {0x20026 /* ADP_Stopped_ApplicationExit */, (uint32_t)status};
    for (;;) semihosting(0x20 /* SYS_EXIT_EXTENDED */, reason);
}

void board_reset(void) {
    volatile uint32_t *to;
    const uint32_t *from = board_data_from;
    for (to = board_data; to < board_data_end; to++) *to = *from++;
    for (to = board_bss; to < board_bss_end; to++) *to = 0;
    board_exit(main());
}

static void board_fault(void) { board_exit(99); }

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    board_stack_top, (const void *)board_reset, (const void *)board_fault, (const void *)board_fault,
    (const void *)board_fault, (const void *)board_fault, (const void *)board_fault,
};

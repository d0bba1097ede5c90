/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clocks and the randomness that the core gets through its callers. */
#ifndef MIP_IO_CLOCK_H
#define MIP_IO_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include <mip/time.h>

/* Monotonic time in microseconds. Stands still during suspend, as the kernel's binding timers do. */
uint64_t clock_usec(void);

/* Both clocks of the core at the same moment. */
struct mip_time clock_now(void);

/* getrandom(2). Never fails; waits for the kernel's pool at early boot. userdata is not used. */
void random_fill(void *userdata, void *buf, size_t len);

#endif /* MIP_IO_CLOCK_H */

// SPDX-License-Identifier: GPL-2.0-or-later
/* The binding cache against a plain table: finding, deadlines, limits. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <mip/bcache.h>
#include <mip/time.h>

#define N 3000

static struct in6_addr nth(unsigned int n)
{
	struct in6_addr a = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8 } };

	a.s6_addr[14] = (uint8_t)(n >> 8);
	a.s6_addr[15] = (uint8_t)n;
	return a;
}

static void find_by_hoa_and_bid(void **state)
{
	static const uint8_t seed[16] = "seed";
	struct mip_bcache *bc = mip_bcache_new(10, seed);
	struct mip_bcache_entry *e, *f;
	struct in6_addr hoa = nth(1);

	(void)state;
	assert_null(mip_bcache_find(bc, &hoa, 0));
	assert_int_equal(mip_bcache_add(bc, &hoa, 0, &e), 0);
	assert_int_equal(mip_bcache_add(bc, &hoa, 0, &f), -EEXIST);
	assert_int_equal(mip_bcache_add(bc, &hoa, 7, &f), 0);
	assert_ptr_equal(mip_bcache_find(bc, &hoa, 0), e);
	assert_ptr_equal(mip_bcache_find(bc, &hoa, 7), f);
	mip_bcache_remove(bc, e);
	assert_null(mip_bcache_find(bc, &hoa, 0));
	assert_ptr_equal(mip_bcache_find(bc, &hoa, 7), f);
	assert_null(mip_bcache_first_due(bc));
	mip_bcache_free(bc);
	assert_null(mip_bcache_free(NULL));
}

static void limit(void **state)
{
	static const uint8_t seed[16] = "seed";
	struct mip_bcache *bc = mip_bcache_new(2, seed);
	struct mip_bcache_entry *e;
	struct in6_addr a = nth(1), b = nth(2), c = nth(3);

	(void)state;
	assert_int_equal(mip_bcache_add(bc, &a, 0, &e), 0);
	assert_int_equal(mip_bcache_add(bc, &b, 0, &e), 0);
	assert_int_equal(mip_bcache_add(bc, &c, 0, &e), -ENOSPC);
	mip_bcache_remove(bc, e);
	assert_int_equal(mip_bcache_add(bc, &c, 0, &e), 0);
	mip_bcache_set_max(bc, 1);
	assert_int_equal(mip_bcache_count(bc), 2);
	mip_bcache_free(bc);
}

/* Random deadlines set, changed and taken away; they come out in order, and all of them */
static void deadlines(void **state)
{
	static const uint8_t seed[16] = "seed";
	struct mip_bcache *bc = mip_bcache_new(N, seed);
	struct mip_bcache_entry *e;
	uint64_t last = 0;
	unsigned int due = 0, n = 0;

	(void)state;
	srandom(1);
	for (unsigned int i = 0; i < N; i++) {
		struct in6_addr hoa = nth(i);

		assert_int_equal(mip_bcache_add(bc, &hoa, 0, &e), 0);
		mip_bcache_set_due(bc, e, (uint64_t)random() % 5000);
	}
	for (unsigned int i = 0; i < 4 * N; i++) {
		struct in6_addr hoa = nth((unsigned int)random() % N);

		e = mip_bcache_find(bc, &hoa, 0);
		switch (random() % 4) {
		case 0:
			mip_bcache_set_due(bc, e, MIP_USEC_INFINITY);
			break;
		case 1:
			mip_bcache_remove(bc, e);
			assert_int_equal(mip_bcache_add(bc, &hoa, 0, &e), 0);
			break;
		default:
			mip_bcache_set_due(bc, e, (uint64_t)random() % 5000);
		}
	}
	for (e = mip_bcache_next(bc, NULL); e; e = mip_bcache_next(bc, e)) {
		n++;
		due += e->due_usec != MIP_USEC_INFINITY;
	}
	assert_int_equal(n, N);
	while ((e = mip_bcache_first_due(bc))) {
		assert_true(e->due_usec >= last);
		last = e->due_usec;
		mip_bcache_set_due(bc, e, MIP_USEC_INFINITY);
		due--;
	}
	assert_int_equal(due, 0);
	mip_bcache_free(bc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(find_by_hoa_and_bid),
		cmocka_unit_test(limit),
		cmocka_unit_test(deadlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* src/core/bul.c: words, and the policy for each status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <mip/bul.h>
#include <mip/wire.h>

static void test_names(void **state)
{
	(void)state;
	for (int i = 0; i < _MIP_REG_STATE_MAX; i++) {
		const char *name = mip_reg_state_name((enum mip_reg_state)i);

		assert_non_null(name);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(name, mip_reg_state_name((enum mip_reg_state)j));
	}
	for (int i = 0; i < _MIP_REG_EVENT_MAX; i++)
		assert_non_null(mip_reg_event_name((enum mip_reg_event)i));
	assert_string_equal(mip_reg_state_name((enum mip_reg_state) - 1), "unknown");
	assert_string_equal(mip_reg_state_name(_MIP_REG_STATE_MAX), "unknown");
	assert_string_equal(mip_reg_event_name(_MIP_REG_EVENT_MAX), "unknown");
}

/* MN-BA-02, MN-BA-08: accepted is what is below 128, and nothing else is. */
static void test_policy(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 256; i++) {
		enum mip_ba_policy policy = mip_ba_policy((uint8_t)i);

		assert_int_equal(policy == MIP_BA_ACCEPTED, i < 128);
	}
	assert_int_equal(mip_ba_policy(135), MIP_BA_RESYNC_SEQ);
	assert_int_equal(mip_ba_policy(144), MIP_BA_RESYNC_CLOCK);
	assert_int_equal(mip_ba_policy(145), MIP_BA_ADD_TIMESTAMP);
	assert_int_equal(mip_ba_policy(134), MIP_BA_DUPLICATE);
	assert_int_equal(mip_ba_policy(133), MIP_BA_NO_BINDING);
	assert_int_equal(mip_ba_policy(132), MIP_BA_FAIL);
	assert_int_equal(mip_ba_policy(130), MIP_BA_LATER);
	assert_int_equal(mip_ba_policy(255), MIP_BA_LATER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_policy),
	};

	return cmocka_run_group_tests_name("bul", tests, NULL, NULL);
}

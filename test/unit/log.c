// SPDX-License-Identifier: GPL-2.0-or-later
/* Words and lines for the log, names of counters, and the action queue. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

#include <mip/counter.h>
#include <mip/log.h>
#include <mip/queue.h>
#include <mip/time.h>

static void lines(void **state)
{
	struct mip_act_log log = {
		.event = MIP_LOG_HOME_REG_NEW,
		.seq = 7,
		.lifetime_usec = 600 * MIP_USEC_PER_SEC,
	};
	char buf[MIP_LOG_LINE_MAX];
	int n;

	(void)state;
	inet_pton(AF_INET6, "2001:db8:1::5", &log.hoa);
	inet_pton(AF_INET6, "2001:db8:a::5", &log.coa);
	n = mip_log_format(&log, buf, sizeof(buf));
	assert_string_equal(buf,
			    "HOME_REG_NEW hoa=2001:db8:1::5 coa=2001:db8:a::5 seq=7 lifetime=600s");
	assert_int_equal(n, strlen(buf));

	/* what the event always has stands there when it is zero, the rest does not */
	log = (struct mip_act_log){ .event = MIP_LOG_HOME_REG_DEREGISTERED };
	mip_log_format(&log, buf, sizeof(buf));
	assert_string_equal(buf, "HOME_REG_DEREGISTERED hoa=:: seq=0");
	log = (struct mip_act_log){ .event = MIP_LOG_MESSAGE_DROPPED,
				    .drop_reason = MIP_DROP_NO_KEY };
	mip_log_format(&log, buf, sizeof(buf));
	assert_string_equal(buf, "MESSAGE_DROPPED reason=no-key");
}

static void cut(void **state)
{
	struct mip_act_log log = { .event = MIP_LOG_HOME_REG_NEW };
	char whole[MIP_LOG_LINE_MAX], buf[MIP_LOG_LINE_MAX];
	int n = mip_log_format(&log, whole, sizeof(whole));

	(void)state;
	for (size_t size = 1; size <= (size_t)n + 1; size++) {
		memset(buf, '#', sizeof(buf));
		assert_int_equal(mip_log_format(&log, buf, size), n);
		assert_int_equal(strlen(buf), size - 1);
		assert_memory_equal(buf, whole, size - 1);
		assert_int_equal(buf[size], '#');
	}
	assert_int_equal(mip_log_format(&log, NULL, 0), n);
}

/* The longest line there can be */
static void longest(void **state)
{
	struct mip_act_log log;
	char buf[MIP_LOG_LINE_MAX];

	(void)state;
	memset(&log, 0xff, sizeof(log));
	for (int event = 0; event < _MIP_LOG_EVENT_MAX; event++) {
		log.event = (enum mip_log_event)event;
		log.level = MIP_LOG_INFO;
		for (int status = 0; status < 256; status++) {
			log.status = (uint8_t)status;
			assert_true(mip_log_format(&log, buf, sizeof(buf)) < MIP_LOG_LINE_MAX);
		}
	}
}

static void every_event_has_a_word(void **state)
{
	(void)state;
	for (int i = 0; i < _MIP_LOG_EVENT_MAX; i++) {
		const char *word = mip_log_event_name((enum mip_log_event)i);

		assert_string_not_equal(word, "UNKNOWN");
		assert_int_equal(strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), strlen(word));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(word, mip_log_event_name((enum mip_log_event)j));
	}
	assert_string_equal(mip_log_event_name(_MIP_LOG_EVENT_MAX), "UNKNOWN");
}

static void levels(void **state)
{
	(void)state;
	assert_string_equal(mip_log_level_name(MIP_LOG_ERROR), "error");
	assert_string_equal(mip_log_level_name(MIP_LOG_DEBUG), "debug");
	assert_int_equal(mip_log_level_priority(MIP_LOG_ERROR), 3);
	assert_int_equal(mip_log_level_priority(MIP_LOG_WARNING), 4);
	assert_int_equal(mip_log_level_priority(MIP_LOG_DEBUG), 7);
}

static void every_counter_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < _MIP_DROP_MAX; i++) {
		assert_true(strlen(mip_drop_name(i)) > 0 && strlen(mip_drop_help(i)) > 0);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(mip_drop_name(i), mip_drop_name(j));
	}
	for (int i = 0; i < _MIP_COUNT_MAX; i++) {
		assert_true(strlen(mip_counter_name(i)) > 0 && strlen(mip_counter_help(i)) > 0);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(mip_counter_name(i), mip_counter_name(j));
	}
	assert_string_equal(mip_drop_name(-1), "unknown");
	assert_string_equal(mip_drop_name(_MIP_DROP_MAX), "unknown");
	assert_string_equal(mip_counter_help(_MIP_COUNT_MAX), "");
}

/* In order, over the end of the ring; and when it is full nothing is overwritten */
static void queue(void **state)
{
	struct mip_queue q;
	struct mip_action act;
	uint64_t in = 0, out = 0;

	(void)state;
	assert_int_equal(mip_queue_init(&q), 0);
	assert_false(mip_queue_take(&q, &act));
	for (int round = 0; round < 5; round++) {
		while (mip_queue_room(&q) > 0)
			mip_queue_add(&q, MIP_ACT_BC_DEL)->bc.id = in++;
		for (int i = 0; i < MIP_QUEUE_SIZE / 3; i++) {
			assert_true(mip_queue_take(&q, &act));
			assert_int_equal(act.bc.id, out++);
		}
	}
	while (mip_queue_room(&q) > 0)
		mip_queue_add(&q, MIP_ACT_BC_DEL)->bc.id = in++;
	assert_int_equal(q.overflows, 0);
	mip_queue_add(&q, MIP_ACT_NA)->na.ifindex = 9;
	assert_int_equal(q.overflows, 1);
	while (mip_queue_take(&q, &act))
		assert_int_equal(act.bc.id, out++);
	assert_int_equal(out, in);
	mip_queue_done(&q);
	mip_queue_done(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),   cmocka_unit_test(cut),
		cmocka_unit_test(longest), cmocka_unit_test(every_event_has_a_word),
		cmocka_unit_test(levels),  cmocka_unit_test(every_counter_has_a_name),
		cmocka_unit_test(queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

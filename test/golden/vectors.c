// SPDX-License-Identifier: GPL-2.0-or-later
#include "vectors.h"

#define ADDR(net, host)                                                                        \
	{                                                                                      \
		.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, 0, net, 0, 0, 0, 0, 0, 0, 0, 0, 0, host } \
	}
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define VECTOR_IPV4(a, b, c, d) ((uint32_t)(d) << 24 | (c) << 16 | (b) << 8 | (a))
#else
#define VECTOR_IPV4(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#endif
#define HOA ADDR(1, 1)
#define COA ADDR(2, 2)
#define HOME_COOKIE                    \
	{                              \
		1, 2, 3, 4, 5, 6, 7, 8 \
	}
#define COA_COOKIE                                             \
	{                                                      \
		0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18 \
	}
/* clang-format off */
#define BAD(...) { .len = 12, .data = { __VA_ARGS__ } }
/* clang-format on */

const struct in6_addr vector_hoa = HOA;
const struct in6_addr vector_coa = COA;
const struct in6_addr vector_cn = ADDR(3, 3);
const struct in6_addr vector_ha = ADDR(1, 0xff);

const uint8_t vector_kcn[20] = { 0,  1,	 2,  3,	 4,  5,	 6,  7,	 8,  9,
				 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 };
const uint8_t vector_home_nonce[8] = { 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7 };
const uint8_t vector_coa_nonce[8] = { 0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7 };
const uint8_t vector_mn_ha_key[16] = { 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37,
				       0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f };

const struct vector vectors[] = {
	{
		.name = "V1",
		.hex = "3b00000068f60000",
		.text = "BRR",
		.src = &vector_cn,
		.dst = &vector_hoa,
		.msg = { .type = MIP_MH_BRR },
	},
	{
		.name = "V2",
		.hex = "3b01010057d900000102030405060708",
		.text = "HoTI",
		.src = &vector_hoa,
		.dst = &vector_cn,
		.msg = { .type = MIP_MH_HOTI, .hoti.cookie = HOME_COOKIE },
	},
	{
		.name = "V3",
		.hex = "3b010200169700001112131415161718",
		.text = "CoTI",
		.src = &vector_coa,
		.dst = &vector_cn,
		.msg = { .type = MIP_MH_COTI, .coti.cookie = COA_COOKIE },
	},
	{
		.name = "V4",
		.hex = "3b02030070ef000101020304050607084ef172de041f1ef1",
		.text = "HoT nonce=1",
		.src = &vector_cn,
		.dst = &vector_hoa,
		.msg = { .type = MIP_MH_HOT,
			 .hot = { .nonce_idx = 1,
				  .cookie = HOME_COOKIE,
				  .token = { 0x4e, 0xf1, 0x72, 0xde, 0x04, 0x1f, 0x1e, 0xf1 } } },
	},
	{
		.name = "V5",
		.hex = "3b0204001dcc00021112131415161718d0a704d6d8ac4895",
		.text = "CoT nonce=2",
		.src = &vector_cn,
		.dst = &vector_coa,
		.msg = { .type = MIP_MH_COT,
			 .cot = { .nonce_idx = 2,
				  .cookie = COA_COOKIE,
				  .token = { 0xd0, 0xa7, 0x04, 0xd6, 0xd8, 0xac, 0x48, 0x95 } } },
	},
	{
		.name = "V6",
		.hex = "3b030500fc82123480000069040400010002050c2109b654c243372165fe94e6",
		.text = "BU seq=4660 flags=A lifetime=420s home-nonce=1 coa-nonce=2 auth=rr",
		.src = &vector_hoa,
		.dst = &vector_cn,
		.mac = VECTOR_MAC_RR,
		.mac_coa = &vector_coa,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 4660, MIP_BU_A, 105 },
			 .opts = { .present = MIP_HAS_NONCE_INDICES | MIP_HAS_BAD,
				   .home_nonce_idx = 1,
				   .coa_nonce_idx = 2,
				   .bad = BAD(0x21, 0x09, 0xb6, 0x54, 0xc2, 0x43, 0x37, 0x21, 0x65,
					      0xfe, 0x94, 0xe6) } },
	},
	{
		.name = "V7",
		.hex = "3b03060097e9000012340069010400000000050c09a2cf1144d1b02813b8d0de",
		.text = "BA status=0 (accepted) seq=4660 flags=- lifetime=420s auth=rr",
		.src = &vector_cn,
		.dst = &vector_hoa,
		.mac = VECTOR_MAC_RR,
		.mac_coa = &vector_coa,
		.msg = { .type = MIP_MH_BA,
			 .ba = { .seq = 4660, .lifetime_wire = 105 },
			 .opts = { .present = MIP_HAS_BAD,
				   .bad = BAD(0x09, 0xa2, 0xcf, 0x11, 0x44, 0xd1, 0xb0, 0x28, 0x13,
					      0xb8, 0xd0, 0xde) } },
	},
	{
		.name = "V8",
		.hex = "3b060500a9da1235800000690100031020010db8000200000000000000000002"
		       "04040001000201020000050c867040db018e81d5d91bc799",
		.text = "BU seq=4661 flags=A lifetime=420s altcoa=2001:db8:2::2 home-nonce=1 "
			"coa-nonce=2 auth=rr",
		.src = &vector_hoa,
		.dst = &vector_cn,
		.mac = VECTOR_MAC_RR,
		.mac_coa = &vector_coa,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 4661, MIP_BU_A, 105 },
			 .opts = { .present = MIP_HAS_ALTCOA | MIP_HAS_NONCE_INDICES | MIP_HAS_BAD,
				   .altcoa = COA,
				   .home_nonce_idx = 1,
				   .coa_nonce_idx = 2,
				   .bad = BAD(0x86, 0x70, 0x40, 0xdb, 0x01, 0x8e, 0x81, 0xd5, 0xd9,
					      0x1b, 0xc7, 0x99) } },
	},
	{
		.name = "V9",
		.hex = "3b060500def71236800000000100031020010db8000100000000000000000001"
		       "04040001000001020000050c9a9df988370e57d925656e40",
		.text = "BU seq=4662 flags=A lifetime=0s altcoa=2001:db8:1::1 home-nonce=1 "
			"coa-nonce=0 auth=rr",
		.src = &vector_hoa,
		.dst = &vector_cn,
		.mac = VECTOR_MAC_RR_DEREG,
		.mac_coa = &vector_hoa,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 4662, MIP_BU_A, 0 },
			 .opts = { .present = MIP_HAS_ALTCOA | MIP_HAS_NONCE_INDICES | MIP_HAS_BAD,
				   .altcoa = HOA,
				   .home_nonce_idx = 1,
				   .bad = BAD(0x9a, 0x9d, 0xf9, 0x88, 0x37, 0x0e, 0x57, 0xd9, 0x25,
					      0x65, 0x6e, 0x40) } },
	},
	{
		.name = "V10",
		.hex = "3b030500176a123680000000040400010000050cfecac6a4b22c0d0360f0cb99",
		.text = "BU seq=4662 flags=A lifetime=0s home-nonce=1 coa-nonce=0 auth=rr",
		.src = &vector_hoa,
		.dst = &vector_cn,
		.mac = VECTOR_MAC_RR_DEREG,
		.mac_coa = &vector_hoa,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 4662, MIP_BU_A, 0 },
			 .opts = { .present = MIP_HAS_NONCE_INDICES | MIP_HAS_BAD,
				   .home_nonce_idx = 1,
				   .bad = BAD(0xfe, 0xca, 0xc6, 0xa4, 0xb2, 0x2c, 0x0d, 0x03, 0x60,
					      0xf0, 0xcb, 0x99) } },
	},
	{
		/* RFC 6275 section 6.2.7 is ambiguous here; everybody takes the address on the wire. */
		.name = "V23",
		.hex = "3b030500e962123680000000040400010000050c99beea9ee76f5f3c6c02a824",
		.text = "BU seq=4662 flags=A lifetime=0s home-nonce=1 coa-nonce=0 auth=rr",
		.src = &vector_hoa,
		.dst = &vector_cn,
		.mac = VECTOR_MAC_RR_DEREG,
		.mac_coa = &vector_coa,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 4662, MIP_BU_A, 0 },
			 .opts = { .present = MIP_HAS_NONCE_INDICES | MIP_HAS_BAD,
				   .home_nonce_idx = 1,
				   .bad = BAD(0x99, 0xbe, 0xea, 0x9e, 0xe7, 0x6f, 0x5f, 0x3c, 0x6c,
					      0x02, 0xa8, 0x24) } },
	},
	{
		.name = "V11",
		.hex = "3b010600c7b688001234000001020000",
		.text = "BA status=136 (expired home nonce index) seq=4660 flags=- lifetime=0s",
		.src = &vector_cn,
		.dst = &vector_hoa,
		.msg = { .type = MIP_MH_BA,
			 .ba = { .status = MIP_ST_EXPIRED_HOME_NONCE, .seq = 4660 } },
	},
	{
		.name = "V12",
		.hex = "3b0207003327010020010db8000100000000000000000001",
		.text = "BE status=1 (unknown binding for home address option) hoa=2001:db8:1::1",
		.src = &vector_cn,
		.dst = &vector_coa,
		.msg = { .type = MIP_MH_BE, .be = { MIP_BE_UNKNOWN_BINDING, HOA } },
	},
	{
		.name = "V13",
		.hex = "3b0305004d2a0001e00003e80100031020010db8000200000000000000000002",
		.text = "BU seq=1 flags=AHL lifetime=4000s altcoa=2001:db8:2::2",
		.src = &vector_hoa,
		.dst = &vector_ha,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 1, MIP_BU_A | MIP_BU_H | MIP_BU_L, 1000 },
			 .opts = { .present = MIP_HAS_ALTCOA, .altcoa = COA } },
	},
	{
		.name = "V14",
		.hex = "3b0106005a140000000103e8020201f4",
		.text = "BA status=0 (accepted) seq=1 flags=- lifetime=4000s refresh-advice=2000s",
		.src = &vector_ha,
		.dst = &vector_hoa,
		.msg = { .type = MIP_MH_BA,
			 .ba = { .seq = 1, .lifetime_wire = 1000 },
			 .opts = { .present = MIP_HAS_REFRESH_ADVICE, .refresh_advice_wire = 500 } },
	},
	{
		.name = "V15",
		.hex = "3b06050033570002c40003e80100031020010db8000200000000000000000002"
		       "010200000612004020010db800aa00000000000000000000",
		.text = "BU seq=2 flags=AHR lifetime=4000s altcoa=2001:db8:2::2 "
			"mnp=2001:db8:aa::/64",
		.src = &vector_hoa,
		.dst = &vector_ha,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 2, MIP_BU_A | MIP_BU_H | MIP_BU_R, 1000 },
			 .opts = { .present = MIP_HAS_ALTCOA,
				   .altcoa = COA,
				   .n_mnp = 1,
				   .mnp = { { ADDR(0xaa, 0), 64 } } } },
	},
	{
		.name = "V16",
		.hex = "3b0106005cc70040000203e801020000",
		.text = "BA status=0 (accepted) seq=2 flags=R lifetime=4000s",
		.src = &vector_ha,
		.dst = &vector_hoa,
		.msg = { .type = MIP_MH_BA,
			 .ba = { .flags = MIP_BA_R, .seq = 2, .lifetime_wire = 1000 } },
	},
	{
		.name = "V17",
		.hex = "3b0405004ccc0003c04003e801040000000023140001000a20010db800020000"
		       "0000000000000002",
		.text = "BU seq=3 flags=AHO lifetime=4000s bid=1 bid-pri=10 coa=2001:db8:2::2",
		.src = &vector_hoa,
		.dst = &vector_ha,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 3, MIP_BU_A | MIP_BU_H | MIP_BU_O, 1000 },
			 .opts = { .n_bid = 1,
				   .bid = { { .bid = 1,
					      .pri = 10,
					      .coa_type = MIP_BID_COA_IPV6,
					      .coa = COA } } } },
	},
	{
		.name = "V18",
		.hex = "3b02060039ec0000000303e823040001000a010400000000",
		.text = "BA status=0 (accepted) seq=3 flags=- lifetime=4000s bid=1 bid-pri=10 "
			"bid-status=0",
		.src = &vector_ha,
		.dst = &vector_hoa,
		.msg = { .type = MIP_MH_BA,
			 .ba = { .seq = 3, .lifetime_wire = 1000 },
			 .opts = { .n_bid = 1, .bid = { { .bid = 1, .pri = 10 } } } },
	},
	{
		.name = "V19",
		.hex = "3b0305001edc0004c00003e81d0680000000000020060000c000020901020000",
		.text = "BU seq=4 flags=AH lifetime=4000s ipv4-hoa=0.0.0.0/32 ipv4-coa=192.0.2.9",
		.src = &vector_hoa,
		.dst = &vector_ha,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 4, MIP_BU_A | MIP_BU_H, 1000 },
			 .opts = { .present = MIP_HAS_IPV4_COA,
				   .n_ipv4_hoa = 1,
				   .ipv4_hoa = { { .plen = 32 } },
				   .ipv4_coa.s_addr = VECTOR_IPV4(192, 0, 2, 9) } },
	},
	{
		.name = "V20",
		.hex = "3b030600f4bd0000000403e81e060080c63364071f0600000000006e01020000",
		.text = "BA status=0 (accepted) seq=4 flags=- lifetime=4000s "
			"ipv4-ack=198.51.100.7/32 ipv4-status=0 nat-refresh=110s nat-flags=-",
		.src = &vector_ha,
		.dst = &vector_hoa,
		.msg = { .type = MIP_MH_BA,
			 .ba = { .seq = 4, .lifetime_wire = 1000 },
			 .opts = { .present = MIP_HAS_NAT_DETECTION,
				   .n_ipv4_ack = 1,
				   .ipv4_ack = { { .addr.s_addr = VECTOR_IPV4(198, 51, 100, 7),
						   .plen = 32 } },
				   .nat_refresh_sec = 110 } },
	},
	{
		.name = "V21",
		.hex = "3b07050012500005c00003e801040000000023140001000a20010db800020000"
		       "00000000000000022d1500070005000002020001030902000022000000500600",
		.text = "BU seq=5 flags=AH lifetime=4000s bid=1 bid-pri=10 coa=2001:db8:2::2 "
			"opt45=21octets",
		.src = &vector_hoa,
		.dst = &vector_ha,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 5, MIP_BU_A | MIP_BU_H, 1000 },
			 .opts = { .n_bid = 1,
				   .bid = { { .bid = 1,
					      .pri = 10,
					      .coa_type = MIP_BID_COA_IPV6,
					      .coa = COA } },
				   .n_raw = 1,
				   .raw = { { .type = 45, .len = 21 } },
				   .raw_used = 21,
				   .raw_data = { 0, 7, 0, 5, 0,	   0, 2, 2, 0,	  1, 3,
						 9, 2, 0, 0, 0x22, 0, 0, 0, 0x50, 6 } } },
	},
	{
		.name = "V22",
		.hex = "3b060500b5410006c00003e80810016d6e31406578616d706c652e636f6d0105"
		       "0000000000091101000001001241a8eae08261335886d902",
		.text = "BU seq=6 flags=AH lifetime=4000s auth=mn-ha spi=256 nai=mn1@example.com",
		.src = &vector_hoa,
		.dst = &vector_ha,
		.mac = VECTOR_MAC_MN_HA,
		.mac_coa = &vector_coa,
		.msg = { .type = MIP_MH_BU,
			 .bu = { 6, MIP_BU_A | MIP_BU_H, 1000 },
			 .opts = { .present = MIP_HAS_NAI | MIP_HAS_MN_HA,
				   .nai_len = 15,
				   .nai = "mn1@example.com",
				   .mn_ha = { .spi = 256,
					      .len = 12,
					      .data = { 0x12, 0x41, 0xa8, 0xea, 0xe0, 0x82, 0x61,
							0x33, 0x58, 0x86, 0xd9, 0x02 } } } },
	},
};

const size_t n_vectors = sizeof(vectors) / sizeof(vectors[0]);

static uint8_t hex_digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

size_t vector_octets(const char *hex, uint8_t *buf, size_t size)
{
	size_t n = 0;

	for (; hex[0] && hex[1] && n < size; hex += 2)
		buf[n++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
	return n;
}

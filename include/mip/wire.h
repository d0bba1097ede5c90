/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one codec: Mobility Header messages and options (RFC 6275 section 6,
 * RFC 3963, 4283, 4285, 5555, 5648), the Home Address option, the type 2
 * routing header, ICMPv6 144 to 147 and what we read of Router Advertisements.
 *
 * All of it is pure: octets in, structure out, and back. Numbers in structures
 * are in host byte order; addresses are in6_addr and in_addr as usual. Nothing
 * here keeps a pointer into a buffer: a decoded message may be copied and kept.
 *
 * Decoding is strict where the RFCs let a message be malformed, and lenient
 * where they say "ignore": reserved fields and padding are not looked at, and
 * options that we do not read are skipped, counted and, up to a limit, kept.
 * An option that may be there once and is there twice makes the message
 * malformed: two different care-of addresses in one Binding Update have no
 * meaning that two implementations would agree on.
 *
 * Every encoder writes one canonical form: options in the order of struct
 * mip_opts, aligned as their RFC says, one PadN (or a Pad1 where one octet is
 * missing), zero in reserved fields.
 */
#ifndef MIP_WIRE_H
#define MIP_WIRE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mip/binding.h>
#include <mip/error.h>
#include <mip/limits.h>
#include <mip/time.h>

/* ---- Numbers ------------------------------------------------------------ */

#define MIP_IPPROTO_MH	   135
#define MIP_MH_OCTETS_MAX  2048 /* Header Len 255 */
#define MIP_COOKIE_OCTETS  8
#define MIP_TOKEN_OCTETS   8
#define MIP_BAD_OCTETS	   12 /* authenticator of return routability, RFC 6275 section 6.2.7 */
#define MIP_MAC_OCTETS	   12 /* MN-HA authentication data, RFC 4285 section 5.1 */
#define MIP_MAC_OCTETS_MAX 20 /* a whole HMAC_SHA1: MN-AAA */

/* Mobility Header types (IANA). We speak 0 to 7. */
enum mip_mh_type {
	MIP_MH_BRR = 0,
	MIP_MH_HOTI = 1,
	MIP_MH_COTI = 2,
	MIP_MH_HOT = 3,
	MIP_MH_COT = 4,
	MIP_MH_BU = 5,
	MIP_MH_BA = 6,
	MIP_MH_BE = 7,
};

/* Binding Update flags, host byte order of the 16 bits at offset 8. */
#define MIP_BU_A 0x8000 /* acknowledge */
#define MIP_BU_H 0x4000 /* home registration */
#define MIP_BU_L 0x2000 /* link-local address compatibility */
#define MIP_BU_K 0x1000 /* key management mobility capability */
#define MIP_BU_R 0x0400 /* mobile router, RFC 3963 */
#define MIP_BU_P 0x0200 /* proxy registration, RFC 5213 */
#define MIP_BU_F 0x0100 /* force UDP encapsulation, RFC 5555 */
#define MIP_BU_O 0x0040 /* overwrite, RFC 5648: only with a BID option and without P */

/* Binding Acknowledgement flags. */
#define MIP_BA_K 0x80
#define MIP_BA_R 0x40 /* RFC 3963 */

/* Binding Acknowledgement status: below 128 accepted. */
enum mip_status {
	MIP_ST_ACCEPTED = 0,
	MIP_ST_ACCEPTED_PREFIX_DISCOVERY = 1,
	MIP_ST_MCOA_NOTCOMPLETE = 4,
	MIP_ST_MCOA_RETURNHOME_WO_NDP = 5,
	MIP_ST_UNSPECIFIED = 128,
	MIP_ST_PROHIBITED = 129,
	MIP_ST_INSUFFICIENT_RESOURCES = 130,
	MIP_ST_HOME_REG_NOT_SUPPORTED = 131,
	MIP_ST_NOT_HOME_SUBNET = 132,
	MIP_ST_NOT_HOME_AGENT = 133,
	MIP_ST_DAD_FAILED = 134,
	MIP_ST_SEQ_OUT_OF_WINDOW = 135,
	MIP_ST_EXPIRED_HOME_NONCE = 136,
	MIP_ST_EXPIRED_COA_NONCE = 137,
	MIP_ST_EXPIRED_NONCES = 138,
	MIP_ST_REG_TYPE_CHANGE = 139,
	MIP_ST_MR_NOT_PERMITTED = 140,
	MIP_ST_INVALID_PREFIX = 141,
	MIP_ST_NOT_AUTHORIZED_PREFIX = 142,
	MIP_ST_FORWARDING_FAILED = 143,
	MIP_ST_ID_MISMATCH = 144,
	MIP_ST_MESG_ID_REQD = 145,
	MIP_ST_AUTH_FAIL = 146,
	MIP_ST_SERVICE_AUTH_FAILED = 151,
	MIP_ST_MCOA_MALFORMED = 164,
	MIP_ST_MCOA_NON_MCOA_EXISTS = 165,
	MIP_ST_MCOA_PROHIBITED = 166,
	MIP_ST_MCOA_UNKNOWN_COA = 167,
	MIP_ST_MCOA_BULK_PROHIBITED = 168,
	MIP_ST_MCOA_HOME_AND_FOREIGN = 169,
	MIP_ST_INVALID_COA = 174,
};

/* Binding Error status. */
#define MIP_BE_UNKNOWN_BINDING 1
#define MIP_BE_UNKNOWN_MH_TYPE 2

/* Mobility options (IANA) that struct mip_opts has a field for. */
enum mip_opt_type {
	MIP_OPT_PAD1 = 0,
	MIP_OPT_PADN = 1,
	MIP_OPT_REFRESH_ADVICE = 2,
	MIP_OPT_ALTCOA = 3,
	MIP_OPT_NONCE_INDICES = 4,
	MIP_OPT_BAD = 5,
	MIP_OPT_MNP = 6,
	MIP_OPT_MH_LLA = 7,
	MIP_OPT_MN_ID = 8,
	MIP_OPT_AUTH = 9,
	MIP_OPT_TIMESTAMP = 10,
	MIP_OPT_IPV4_HOA = 29,
	MIP_OPT_IPV4_ACK = 30,
	MIP_OPT_NAT_DETECTION = 31,
	MIP_OPT_IPV4_COA = 32,
	MIP_OPT_BID = 35,
};

#define MIP_MN_ID_NAI	  1 /* subtype of MIP_OPT_MN_ID, RFC 4283 */
#define MIP_AUTH_MN_HA	  1 /* subtypes of MIP_OPT_AUTH, RFC 4285 */
#define MIP_AUTH_MN_AAA	  2
#define MIP_SPI_MIN	  256 /* SPIs below are reserved */
#define MIP_SPI_HMAC_SHA1 3 /* MN-AAA: the well-known HMAC_SHA1_SPI */
#define MIP_MH_LLA_OF_MN  2 /* option code of MIP_OPT_MH_LLA, RFC 5568 section 6.4.4 */

/* ---- Limits of the structures ------------------------------------------- */

#define MIP_MN_ID_OCTETS_MAX 254 /* what fits the option; RFC 4282 stops at MIP_NAI_MAX */
#define MIP_LLA_OCTETS_MAX   32
#define MIP_IPV4_HOA_MAX     4
#define MIP_RAW_OPT_MAX	     16 /* options kept that we do not read */
#define MIP_RAW_OCTETS_MAX   512 /* their data, together */

/* ---- Options ------------------------------------------------------------ */

/* Presence bits of struct mip_opts; arrays have a count instead. */
#define MIP_HAS_REFRESH_ADVICE 0x0001u
#define MIP_HAS_ALTCOA	       0x0002u
#define MIP_HAS_NONCE_INDICES  0x0004u
#define MIP_HAS_BAD	       0x0008u
#define MIP_HAS_MH_LLA	       0x0010u
#define MIP_HAS_NAI	       0x0020u
#define MIP_HAS_MN_HA	       0x0040u
#define MIP_HAS_MN_AAA	       0x0080u
#define MIP_HAS_TIMESTAMP      0x0100u
#define MIP_HAS_NAT_DETECTION  0x0200u
#define MIP_HAS_IPV4_COA       0x0400u

/* RFC 4285 section 5. On sending, data is what stands in the message until it is signed. */
struct mip_opt_auth {
	uint32_t spi;
	uint8_t len; /* of data; MN-HA: MIP_MAC_OCTETS */
	uint8_t data[MIP_MAC_OCTETS_MAX];
};

/* RFC 6275 section 6.2.7. */
struct mip_opt_bad {
	uint8_t len; /* return routability: MIP_BAD_OCTETS */
	uint8_t data[MIP_MAC_OCTETS_MAX];
};

enum mip_bid_coa {
	MIP_BID_COA_NONE,
	MIP_BID_COA_IPV4,
	MIP_BID_COA_IPV6,
	MIP_BID_COA_MALFORMED, /* length not 4, 8 or 20: RFC 5648 wants status 164, not silence */
};

/* RFC 5648 section 4.3. */
struct mip_opt_bid {
	uint16_t bid;
	uint8_t status;
	bool home_and_foreign; /* H */
	uint8_t pri; /* low 7 bits: 0, or BID-PRI of RFC 6089 */
	enum mip_bid_coa coa_type;
	struct in6_addr coa; /* MIP_BID_COA_IPV4: IPv4-mapped */
};

/* RFC 5555 sections 3.1.1 and 3.2.1. */
struct mip_opt_ipv4_hoa {
	struct in_addr addr;
	uint8_t plen;
	bool prefix; /* P: a mobile network prefix is asked for */
};

struct mip_opt_ipv4_ack {
	struct in_addr addr;
	uint8_t plen;
	uint8_t status;
};

/* An option that we do not read: mip_opts.raw_data[offset .. offset + len). */
struct mip_opt_raw {
	uint8_t type;
	uint8_t len;
	uint16_t offset;
};

/* In the order in which they are encoded. All zero: no option. */
struct mip_opts {
	uint32_t present; /* MIP_HAS_... */
	uint16_t refresh_advice_wire; /* units of 4 s */
	struct in6_addr altcoa;
	unsigned int n_mnp;
	/* plen as received: may exceed 128, host bits may be set */
	struct mip_prefix mnp[MIP_MNP_MAX];
	unsigned int n_ipv4_hoa;
	struct mip_opt_ipv4_hoa ipv4_hoa[MIP_IPV4_HOA_MAX];
	struct in_addr ipv4_coa;
	unsigned int n_ipv4_ack;
	struct mip_opt_ipv4_ack ipv4_ack[MIP_IPV4_HOA_MAX];
	bool nat_force; /* F of the NAT Detection option */
	uint32_t nat_refresh_sec;
	unsigned int n_bid;
	struct mip_opt_bid bid[MIP_BID_MAX];
	uint8_t lla_len;
	uint8_t lla[MIP_LLA_OCTETS_MAX]; /* MH Link-Layer Address with code MIP_MH_LLA_OF_MN */
	uint8_t nai_len; /* 1 .. MIP_MN_ID_OCTETS_MAX */
	char nai[MIP_MN_ID_OCTETS_MAX + 1]; /* then a NUL; may hold any octet: hostile */
	unsigned int n_raw;
	struct mip_opt_raw raw[MIP_RAW_OPT_MAX];
	uint16_t raw_used;
	uint8_t raw_data[MIP_RAW_OCTETS_MAX];
	uint64_t timestamp; /* RFC 4285 section 6, NTP format */
	uint16_t home_nonce_idx, coa_nonce_idx;
	struct mip_opt_bad bad;
	struct mip_opt_auth mn_ha, mn_aaa;
};

/* ---- Messages ----------------------------------------------------------- */

struct mip_test_init {
	uint8_t cookie[MIP_COOKIE_OCTETS];
};

struct mip_test {
	uint16_t nonce_idx;
	uint8_t cookie[MIP_COOKIE_OCTETS];
	uint8_t token[MIP_TOKEN_OCTETS];
};

struct mip_bu {
	uint16_t seq;
	uint16_t flags; /* MIP_BU_...; bits that we do not know are kept */
	uint16_t lifetime_wire; /* units of 4 s */
};

struct mip_ba {
	uint8_t status;
	uint8_t flags; /* MIP_BA_... */
	uint16_t seq;
	uint16_t lifetime_wire;
};

struct mip_be {
	uint8_t status;
	struct in6_addr hoa;
};

struct mip_msg {
	uint8_t type; /* enum mip_mh_type: says which member is in use; a BRR has none */
	union {
		struct mip_test_init hoti, coti;
		struct mip_test hot, cot;
		struct mip_bu bu;
		struct mip_ba ba;
		struct mip_be be;
	};
	struct mip_opts opts;
};

/* Odd, but not malformed: RFC 4283 section 3, RFC 4285 section 5. */
#define MIP_QUIRK_NAI_AFTER_AUTH 0x01 /* MN-NAI behind an authentication option */
#define MIP_QUIRK_AAA_BEFORE_HA	 0x02 /* the home agent must discard it */
#define MIP_QUIRK_AUTH_NOT_LAST \
	0x04 /* an option that is not padding behind the last authentication option */

/*
 * About the octets of a message. An offset of 0 means: not there. A MAC offset
 * is where the MAC begins, and all octets before it are what the MAC covers
 * (with the checksum as zero).
 */
struct mip_mh_info {
	uint8_t type; /* as received, also when decoding failed */
	uint16_t len; /* octets by Header Len; a buffer may be longer (RFC 8200 section 4.7) */
	uint16_t error_offset; /* on failure: the octet at fault, for Parameter Problem's pointer */
	uint8_t error_opt; /* MIP_ERR_OPT_... and MIP_ERR_BAD_NOT_LAST: the option's type */
	uint16_t n_unknown; /* options not read, kept in opts.raw or not */
	uint8_t first_unknown; /* the type of the first of them */
	uint8_t quirks; /* MIP_QUIRK_... */
	uint16_t bad_offset;
	uint16_t mn_ha_offset;
	uint16_t mn_aaa_offset;
};

/*
 * Reads a message that begins at Payload Proto. The tests run in the order of
 * RFC 6275 section 9.2 (the checksum comes before: mip_mh_checksum_ok()).
 * ret_msg is written on success only, ret_info always. Returns MIP_OK,
 * MIP_ERR_TRUNCATED, MIP_ERR_MH_TYPE, MIP_ERR_PAYLOAD_PROTO, MIP_ERR_HDR_LEN,
 * MIP_ERR_OPT_TRUNCATED, MIP_ERR_OPT_LEN, MIP_ERR_OPT_DUPLICATE,
 * MIP_ERR_OPT_LIMIT or MIP_ERR_BAD_NOT_LAST.
 */
int mip_mh_decode(const uint8_t *buf, size_t len, struct mip_msg *ret_msg,
		  struct mip_mh_info *ret_info);

/*
 * Writes the canonical form of msg, with a checksum of zero and with the MACs
 * that msg holds. To sign: encode, sign at ret_info's offsets, set the
 * checksum. MIP_MSG_MAX octets of buffer are enough for every message that we
 * send; MIP_MH_OCTETS_MAX for any. ret_len and ret_info are written on
 * success only; ret_info may be NULL. Returns MIP_OK, MIP_ERR_SPACE or
 * MIP_ERR_INVAL (a count or length beyond its limit, type not 0 to 7, a
 * malformed BID, BAD together with an authentication option).
 */
int mip_mh_encode(const struct mip_msg *msg, uint8_t *buf, size_t size, size_t *ret_len,
		  struct mip_mh_info *ret_info);

/* The smallest Header Len that the type may have; 0 for a type that nobody has assigned. */
uint8_t mip_mh_min_hdr_len(uint8_t type);

/*
 * RFC 6275 section 6.1.1. src and dst are those of the pseudo-header: the home
 * address stands in for the care-of address where a Home Address option or a
 * type 2 routing header carries it. len is the whole message; the field itself
 * counts as zero. The result is in host byte order.
 */
uint16_t mip_mh_checksum(const struct in6_addr *src, const struct in6_addr *dst, const uint8_t *buf,
			 size_t len);
/* buf holds at least 8 octets. */
void mip_mh_set_checksum(const struct in6_addr *src, const struct in6_addr *dst, uint8_t *buf,
			 size_t len);
/* Takes as many octets as Header Len says; false too where buf is shorter. */
bool mip_mh_checksum_ok(const struct in6_addr *src, const struct in6_addr *dst, const uint8_t *buf,
			size_t len);

/* RFC 6275 section 9.5.1: is the sequence number greater, modulo 2^16? */
static inline bool mip_seq_newer(uint16_t new_seq, uint16_t last)
{
	uint16_t ahead = (uint16_t)(new_seq - last);

	return ahead != 0 && ahead < 0x8000;
}

static inline uint64_t mip_lifetime_usec(uint16_t wire)
{
	return wire * MIP_USEC_PER_LIFETIME_UNIT;
}

/* Whole units of 4 s, rounded down, 65535 at most. */
static inline uint16_t mip_lifetime_wire(uint64_t usec)
{
	uint64_t units = usec / MIP_USEC_PER_LIFETIME_UNIT;

	return units > UINT16_MAX ? UINT16_MAX : (uint16_t)units;
}

/* Unicast routable, RFC 6275 section 3.1: global or unique-local unicast. */
bool mip_addr_is_unicast_routable(const struct in6_addr *addr);
/* Same first plen bits; false when plen is above 128. */
bool mip_addr_in_prefix(const struct in6_addr *addr, const struct mip_prefix *prefix);

/* ---- Home Address option and type 2 routing header ---------------------- */

#define MIP_HAO_HDR_OCTETS 24
#define MIP_RH2_OCTETS	   24

/*
 * A complete Destination Options header with the option in it, as a socket
 * takes it by IPV6_DSTOPTS (RFC 6275 section 6.3).
 */
void mip_hao_encode(const struct in6_addr *hoa, uint8_t next_header,
		    uint8_t ret_buf[MIP_HAO_HDR_OCTETS]);

/*
 * Looks for the option in a Destination Options header. Returns MIP_OK,
 * MIP_ERR_ABSENT, MIP_ERR_TRUNCATED, MIP_ERR_OPT_TRUNCATED, MIP_ERR_OPT_LEN,
 * MIP_ERR_OPT_DUPLICATE (at most one, GEN-HAO-07) or MIP_ERR_ADDRESS (not
 * unicast routable). ret_hoa is written on success only.
 */
int mip_hao_decode(const uint8_t *buf, size_t len, struct in6_addr *ret_hoa);

/* RFC 6275 section 6.4; Segments Left is 1. */
void mip_rh2_encode(const struct in6_addr *hoa, uint8_t next_header,
		    uint8_t ret_buf[MIP_RH2_OCTETS]);

/*
 * segments_left is 1 on the wire and 0 after the kernel has processed it: both
 * are accepted here. Returns MIP_OK, MIP_ERR_TRUNCATED, MIP_ERR_RH_TYPE (not
 * type 2, Hdr Ext Len not 2, Segments Left above 1) or MIP_ERR_ADDRESS.
 */
int mip_rh2_decode(const uint8_t *buf, size_t len, struct in6_addr *ret_hoa);

/* ---- ICMPv6 ------------------------------------------------------------- */

#define MIP_DHAAD_ADDR_MAX 77 /* what fits 1280 octets, HA-DHAAD-04 */
#define MIP_PIO_MAX	   16

enum mip_icmp6_type {
	MIP_ICMP6_RA = 134,
	MIP_ICMP6_DHAAD_REQUEST = 144,
	MIP_ICMP6_DHAAD_REPLY = 145,
	MIP_ICMP6_MPS = 146,
	MIP_ICMP6_MPA = 147,
};

/* Prefix Information option, RFC 4861 section 4.6.2 and RFC 6275 section 7.2. */
struct mip_pio {
	struct mip_prefix prefix; /* with router: the router's whole address */
	bool on_link, autonomous, router; /* L, A, R */
	uint32_t valid_sec; /* UINT32_MAX: for ever */
	uint32_t preferred_sec;
};

struct mip_dhaad {
	bool mobile_router; /* R, RFC 3963 section 7 */
	unsigned int n_addr; /* 0 in a request */
	struct in6_addr addr[MIP_DHAAD_ADDR_MAX];
};

struct mip_mpa {
	bool managed, other; /* M, O */
	unsigned int n_pio;
	struct mip_pio pio[MIP_PIO_MAX];
};

struct mip_icmp6 {
	uint8_t type; /* enum mip_icmp6_type, 144 to 147 */
	uint16_t id;
	union {
		struct mip_dhaad dhaad;
		struct mip_mpa mpa;
	};
};

/*
 * buf begins at the ICMPv6 type; the checksum is the kernel's business. In an
 * advertisement, Prefix Information beyond MIP_PIO_MAX is left out, as are
 * addresses beyond MIP_DHAAD_ADDR_MAX. Returns MIP_OK, MIP_ERR_TRUNCATED,
 * MIP_ERR_ICMP6_TYPE, MIP_ERR_ICMP6_CODE, MIP_ERR_OPT_TRUNCATED,
 * MIP_ERR_OPT_LEN; MIP_ERR_ABSENT for an advertisement without any prefix.
 * ret_msg is written on success only.
 */
int mip_icmp6_decode(const uint8_t *buf, size_t len, struct mip_icmp6 *ret_msg);
/* Returns MIP_OK, MIP_ERR_SPACE or MIP_ERR_INVAL. */
int mip_icmp6_encode(const struct mip_icmp6 *msg, uint8_t *buf, size_t size, size_t *ret_len);

/* Router Advertisement: what movement detection and the home agents list read. */
struct mip_ra {
	uint8_t hop_limit;
	bool managed, other, home_agent; /* M, O, H */
	uint8_t router_preference; /* the two bits of RFC 4191 */
	uint16_t router_lifetime_sec;
	uint32_t reachable_msec, retrans_msec;
	uint8_t lla_len; /* Source Link-Layer Address, 0: none */
	uint8_t lla[MIP_LLA_OCTETS_MAX];
	uint32_t mtu; /* 0: none */
	uint32_t adv_interval_msec; /* option 7, 0: none */
	bool has_ha_info; /* option 8 */
	bool ha_mobile_router; /* R, RFC 3963 section 7.3 */
	uint16_t ha_preference;
	uint16_t ha_lifetime_sec; /* 0: forget this home agent, HA-DHAAD-01 */
	unsigned int n_pio;
	struct mip_pio pio[MIP_PIO_MAX];
};

/*
 * The caller has tested hop limit 255 and the link-local source. Prefixes
 * beyond MIP_PIO_MAX are left out. Returns as mip_icmp6_decode(), without
 * MIP_ERR_ABSENT.
 */
int mip_ra_decode(const uint8_t *buf, size_t len, struct mip_ra *ret_ra);

/* Mobile IPv6 Home-Agents anycast address, RFC 2526. MIP_ERR_INVAL for a plen above 121. */
int mip_home_agents_anycast(const struct mip_prefix *prefix, struct in6_addr *ret_addr);

/* ---- Words -------------------------------------------------------------- */

#define MIP_MH_FORMAT_MAX 6144 /* enough for every message, with its NUL */

/*
 * One line without a newline, in the words of the RFCs: "BU seq=4660 flags=AHL
 * lifetime=4000s altcoa=2001:db8:2::2". Never a key, MAC, token or cookie;
 * octets of a NAI that are not printable ASCII, and the backslash and quotes,
 * stand as \xNN. buf always ends with a NUL when size is not 0. Returns the
 * length of the text, or MIP_ERR_SPACE (buf holds what fits).
 */
int mip_mh_format(const struct mip_msg *msg, char *buf, size_t size);
int mip_icmp6_format(const struct mip_icmp6 *msg, char *buf, size_t size);

/* Hostile octets as text, in the same way as the NAI above. */
int mip_format_escaped(const char *data, size_t len, char *buf, size_t size);

/* Static words; "unknown" for a number that we have no word for. */
const char *mip_mh_type_str(uint8_t type); /* "BU"; also for assigned types that we do not speak */
const char *
mip_status_str(uint8_t status); /* of a Binding Acknowledgement: "sequence number out of window" */
const char *mip_be_status_str(uint8_t status);
const char *
mip_opt_type_str(uint8_t type); /* "altcoa", also for assigned options that we do not read */
const char *mip_icmp6_type_str(uint8_t type);
/* Letters of flags, unknown bits as +0xNN. Returns buf; size at least 24. */
char *mip_bu_flags_str(const struct mip_bu *bu, bool has_bid, char *buf, size_t size);

#endif /* MIP_WIRE_H */

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mipctl key: keys of mobility security associations.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <mip/keys.h>

#include "conf/conf.h"
#include "mipctl.h"

/* As long as HMAC-SHA1's output, more adds nothing (RFC 2104 section 3). */
#define KEY_OCTETS 20

int mipctl_key_generate(struct mipctl *ctl, char **argv)
{
	struct mip_prefix hoa;
	const char *nai;
	uint32_t spi;
	struct mipctl_arg args[] = { { "nai", MIPCTL_NAI, &nai, true, false },
				     { "hoa", MIPCTL_PREFIX, &hoa, true, false },
				     { "spi", MIPCTL_SPI, &spi, false, false } };
	uint8_t key[KEY_OCTETS];
	char hex[2 * KEY_OCTETS + 1], address[INET6_ADDRSTRLEN];
	int status = mipctl_args(argv, args, 3);

	if (status != MIPCTL_DONE)
		return status;
	if (getrandom(key, sizeof(key), 0) != sizeof(key) ||
	    (!args[2].given && getrandom(&spi, sizeof(spi), 0) != sizeof(spi)))
		return mipctl_fail(MIPCTL_FAILED, "no random octets: %s", strerror(errno));
	if (!args[2].given)
		spi = MIP_SPI_MIN + spi % (UINT32_MAX - MIP_SPI_MIN);
	for (size_t i = 0; i < sizeof(key); i++)
		snprintf(hex + 2 * i, 3, "%02x", key[i]);
	inet_ntop(AF_INET6, &hoa.addr, address, sizeof(address));
	fprintf(ctl->print.out, "%s %s", nai, address);
	if (hoa.plen != 128)
		fprintf(ctl->print.out, "/%u", (unsigned int)hoa.plen);
	fprintf(ctl->print.out, " %u hex:%s\n", spi, hex);
	mip_wipe(key, sizeof(key));
	mip_wipe(hex, sizeof(hex));
	if (isatty(STDOUT_FILENO))
		fprintf(stderr,
			"mipctl: put this line into %s/keys of the home agent and of the mobile node (mode 0600)\n",
			CONF_DIR);
	return MIPCTL_DONE;
}

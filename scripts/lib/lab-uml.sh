# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154,SC2054 # variables are shared with the other parts; commas are the options' own
# The engine "uml": User Mode Linux built from Debian's linux-source, at native speed.
#
# Cache: uml-VERSION-HASH/{linux,tree,image}: the kernel to run, its build tree for our module, and
# its own modules as they would be installed. HASH covers configuration and compiler.

uml_source=/usr/src/linux-source-6.1.tar.xz

uml_fragments() { # DEBUG
	echo "$top/test/lab/uml.config"
	((!$1)) || echo "$top/test/lab/uml-debug.config"
}

# What is needed before prepare could work, as one sentence; empty if nothing.
uml_missing() {
	local p
	[[ -r $uml_source ]] || { echo "the package linux-source-6.1 is missing"; return; }
	for p in gcc make flex bison bc xz; do
		command -v $p >/dev/null || { echo "the program $p is missing"; return; }
	done
}

uml_key() { # DEBUG
	local version hash files
	version=$(dpkg-query -W -f '${Version}' linux-source-6.1 2>/dev/null) || version=unknown
	mapfile -t files < <(uml_fragments "$1")
	hash=$({ grep -hE '^(# )?CONFIG_' "${files[@]}"; gcc -dumpfullversion; } | sha256sum | cut -c 1-12)
	echo "uml-$version$( (($1)) && echo -debug)-$hash"
}

uml_dir() { echo "$cache/$(uml_key "$1")"; } # DEBUG

uml_ready() { command -v gcc >/dev/null && [[ -x $(uml_dir "$1")/linux ]]; } # DEBUG

# Says which lines of the fragments the kernel's configuration did not take over.
uml_check_config() { # CONFIG FRAGMENT...
	local config=$1 line
	shift
	grep -hE '^CONFIG_' "$@" | awk -F= '{ last[$1] = $0 } END { for (k in last) print last[k] }' |
		while read -r line; do
			case $line in
			*=n) ! grep -q "^${line%=n}=" "$config" || say "kernel configuration: $line was not taken" ;;
			*) grep -qxF "$line" "$config" || say "kernel configuration: $line was not taken" ;;
			esac
		done
}

uml_configure() { # TREE FRAGMENT...
	local tree=$1
	shift
	make -C "$tree" ARCH=um x86_64_defconfig
	(cd "$tree" && ARCH=um ./scripts/kconfig/merge_config.sh -m .config "$@")
	make -C "$tree" ARCH=um olddefconfig
}

uml_prepare() { # DEBUG
	local dir tmp key missing fragments log total=$uml_objects
	need_programs gcc make # the key names the compiler, and modules are built even if the kernel is there
	dir=$(uml_dir "$1")
	key=${dir##*/}
	! uml_ready "$1" || return 0
	missing=$(uml_missing)
	[[ ! $missing ]] || die "$missing: run scripts/setup"
	cache_begin "$key" uml_ready "$1" || return 0
	mapfile -t fragments < <(uml_fragments "$1")
	say "building the User Mode Linux kernel $key (once; about 6 minutes on 2 cores; log: $log)"
	with_progress "unpacking the kernel source" "$log" '^$' 0 \
		tar -C "$tmp" -xf "$uml_source" --transform 's,^linux-source-[^/]*,tree,'
	with_progress "configuring the kernel" "$log" '^$' 0 uml_configure "$tmp/tree" "${fragments[@]}"
	uml_check_config "$tmp/tree/.config" "${fragments[@]}"
	with_progress "compiling the kernel" "$log" '^ +(CC|AS|AR|LD) ' "$total" \
		make -C "$tmp/tree" ARCH=um -j"$(nproc)" linux modules
	with_progress "installing its modules" "$log" '^$' 0 \
		make -C "$tmp/tree" ARCH=um INSTALL_MOD_PATH="$tmp/image" modules_install
	strip -o "$tmp/linux" "$tmp/tree/linux"
	# the links would name the directory as it is called now
	rm -f "$tmp"/image/lib/modules/*/{build,source}
	cache_finish "$key"
	say "the User Mode Linux kernel is ready: $dir"
}

# About as many lines of compiling as the build prints.
uml_objects=1630

uml_tree() { echo "$(uml_dir "$1")/tree"; }   # DEBUG
uml_image() { echo "$(uml_dir "$1")/image"; } # DEBUG
uml_make_args=(ARCH=um)

# A folder for the guest's memory file: it must be able to hold it and allow execution.
uml_memory_dir() { # MEGABYTES
	local d avail
	for d in /dev/shm "${TMPDIR:-/tmp}" /var/tmp "$cache"; do
		[[ -d $d && -w $d ]] || continue
		avail=$(df -m --output=avail "$d" | tail -n 1)
		((avail > $1 + 64)) || continue
		! findmnt -nT "$d" -o OPTIONS | grep -qw noexec || continue
		echo "$d"
		return
	done
	die "no folder has $1 MB free for the guest's memory (tried /dev/shm, ${TMPDIR:-/tmp}, /var/tmp, $cache)"
}

# Replaces the calling subshell by the guest. $rundir holds the FIFOs that lab-guest.sh reads.
uml_exec() { # DEBUG JOB MODE
	local dir mem args
	dir=$(uml_dir "$1")
	mem=${LAB_MEM:-$(guest_memory "$1")}
	TMPDIR=$(uml_memory_dir "$mem")
	export TMPDIR
	args=(mem="${mem}M" root=/dev/root rootfstype=hostfs ro "init=$top/test/lab/lib/guest-init" "lab.job=$2"
		panic=-1 loglevel=6 log_buf_len=8M hung_task_panic=0
		con=null ssl=null con0=null,fd:10 con2=null,fd:11 con3=null,fd:12 con4=null,fd:13)
	if [[ $3 == shell ]]; then
		args+=(con1=fd:0,fd:1)
		exec "$dir/linux" "${args[@]}" 10>"$rundir/console" 11>"$rundir/stdout" 12>"$rundir/stderr" \
			13>"$rundir/ctl" 2>"$rundir/boot"
	fi
	exec "$dir/linux" "${args[@]}" con1=null 10>"$rundir/console" 11>"$rundir/stdout" 12>"$rundir/stderr" \
		13>"$rundir/ctl" </dev/null >"$rundir/boot" 2>&1
}

# The devices of the above as the guest names them: tty, stdout, stderr, ctl.
uml_devices=(/dev/tty1 /dev/tty2 /dev/tty3 /dev/tty4)

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with the other parts
# Builds our kernel module (and test modules) out of tree for an engine's kernel.
#
# The sources are mirrored into the cache and built there, so that the tree stays clean. The result
# is a complete /lib/modules for the guest: the kernel's own modules and, in extra/, ours.

# The folders with a Kbuild, ours first: later ones may use its symbols.
module_folders() {
	local d
	for d in kernel test/bench/kernel; do
		[[ ! -e $top/$d/Kbuild && ! -e $top/$d/Makefile ]] || echo "$d"
	done
}

# Copies what changed (by content, so that make's time stamps stay valid) and drops what went away.
mirror() { # FROM TO
	local f
	mkdir -p "$2"
	(cd "$1" && find . -type f \( -name '*.[chS]' -o -name 'Kbuild*' -o -name 'Makefile*' \)) | while read -r f; do
		cmp -s "$1/$f" "$2/$f" && continue
		mkdir -p "$(dirname "$2/$f")"
		cp "$1/$f" "$2/$f"
		echo "$f"
	done
	(cd "$2" && find . -type f \( -name '*.[ch]' -o -name 'Kbuild*' -o -name 'Makefile*' \) ! -name '*.mod.c') | while read -r f; do
		[[ -e $1/$f ]] && continue
		rm -f "$2/$f"
		echo "$f"
	done
}

module_compile() { # ENGINE DEBUG WORK
	local d args extra=
	local -n engine_args=${1}_make_args
	args=(-C "$("${1}_tree" "$2")" "${engine_args[@]}" -j"$(nproc)")
	for d in $(module_folders); do
		make "${args[@]}" M="$3/$d" KBUILD_EXTRA_SYMBOLS="$extra" modules || return
		extra+=" $3/$d/Module.symvers"
	done
}

# A /lib/modules: the image's files and folders by symbolic link, plus extra/ with ours.
module_root() { # IMAGE WORK ROOT
	local version from ko
	version=$(ls "$1/lib/modules")
	from=$1/lib/modules/$version
	rm -rf "$3.new"
	mkdir -p "$3.new/lib/modules/$version/extra"
	for ko in "$from"/modules.{order,builtin,builtin.modinfo}; do
		[[ ! -e $ko ]] || cp "$ko" "$3.new/lib/modules/$version/"
	done
	[[ ! -e $from/kernel ]] || ln -s "$from/kernel" "$3.new/lib/modules/$version/kernel"
	find "$2" -name '*.ko' -exec cp {} "$3.new/lib/modules/$version/extra/" \;
	depmod -b "$3.new" "$version"
	rm -rf "$3"
	mv "$3.new" "$3"
}

# Brings the modules up to date; sets module_dir to the guest's module tree (its lib/modules).
module_build() { # ENGINE DEBUG
	local engine=$1 debug=$2 key work root image changed log id
	"${engine}_prepare" "$debug"
	image=$("${engine}_image" "$debug")
	module_dir=$image/lib/modules
	((with_module)) || return 0
	id=$(printf %s "$top" | sha256sum | cut -c 1-8)
	key=modules-$id${MIPSOCK_BENCH:+-bench}-$(basename "$(dirname "$image")")
	work=$cache/$key/build
	root=$cache/$key/root
	log=$cache/$key/log
	lock "$key"
	mkdir -p "$work"
	changed=$(
		mirror "$top/include" "$work/include"
		for d in $(module_folders); do mirror "$top/$d" "$work/$d"; done
	)
	if [[ $changed || ! -e $root || ! -e $cache/$key/done ]]; then
		rm -f "$cache/$key/done"
		: >"$log"
		if [[ $(module_folders) ]]; then
			with_progress "building the kernel module for $engine" "$log" '^$' 0 \
				module_compile "$engine" "$debug" "$work"
			grep -E 'warning:' "$log" >&2 || true
		fi
		module_root "$image" "$work" "$root"
		: >"$cache/$key/done"
	fi
	unlock "$key"
	module_dir=$root/lib/modules
}

# Compiles the lab's own guest tools (test/lab/tools) into the cache, statically: a guest of User
# Mode Linux starts such programs several times faster. Sets tools_dir.
tools_build() {
	local key t sources=$top/test/lab/tools tmp log parts files
	key=tools-$(cat "$sources"/*.[ch] | sha256sum | cut -c 1-12)
	tools_dir=$cache/$key
	[[ ! -d $tools_dir ]] || return 0
	need_programs cc
	cache_begin "$key" test -d "$tools_dir" || return 0
	for t in 'lab-node' 'lab-notify' 'lab-plug' 'lab-tcp' 'lab-probe probe-report'; do
		read -ra parts <<<"$t util"
		files=("${parts[@]/#/$sources/}")
		if ! cc -O2 -std=gnu17 -D_GNU_SOURCE -static -o "$tmp/${parts[0]}" "${files[@]/%/.c}" 2>"$log"; then
			cat "$log" >&2
			die "the lab's tool test/lab/tools/${parts[0]}.c does not compile"
		fi
	done
	rm -f "$log"
	cache_finish "$key"
}

# SPDX-License-Identifier: MIT
#
# What the scripts share: finding the tree, installing what is missing, configuring
# a build directory. To be read with "." after "set -eu"; $0 names the script.

root=$(cd "$(dirname "$0")/.." && pwd)
name=scripts/$(basename "$0")
build=${BUILD_DIR:-$root/build}
missing=

say()
{
	printf '%s: %s\n' "$name" "$*" >&2
}

die()
{
	say "$@"
	exit 1
}

# want PACKAGE COMMAND...: the package is missing unless the command succeeds.
want()
{
	package=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $package"
}

want_build_tools()
{
	want gcc command -v gcc
	want libc6-dev test -e /usr/include/stdio.h
	want meson command -v meson
	want ninja-build command -v ninja
	want pkg-config command -v pkg-config
	want liblzma-dev pkg-config --exists liblzma
	want zlib1g-dev pkg-config --exists zlib
	want libfuse3-dev pkg-config --exists fuse3
	want libncurses-dev pkg-config --exists ncursesw
	want libreadline-dev pkg-config --exists readline
	want systemtap-sdt-dev has_sdt
}

has_sdt()
{
	echo '#include <sys/sdt.h>' | gcc -E -
}

has_libunwind()
{
	ls /usr/lib/*/libunwind.so.8 >/dev/null 2>&1
}

has_sanitizers()
{
	test -e "$(clang -print-resource-dir)/lib/linux/libclang_rt.tsan-$(uname -m).a"
}

# The sanitizers of clang 14 need their fixed addresses free, which a host that
# randomizes addresses widely does not promise.
fixed_addresses()
{
	if setarch "$(uname -m)" -R true 2>/dev/null; then
		echo "setarch $(uname -m) -R"
	fi
}

# What tests/parity/vm needs to run a real kernel. An image and headers of different
# versions count as there: it is that script which says so.
want_vm()
{
	want qemu-system-x86 command -v qemu-system-x86_64
	want linux-image-cloud-amd64 ls /boot/vmlinuz-6.1.*-cloud-amd64
	want linux-headers-cloud-amd64 ls -d /usr/src/linux-headers-6.1.*-cloud-amd64
	want busybox-static command -v busybox
	want cpio command -v cpio
	want make command -v make
	want gcc command -v gcc
}

as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

apt()
{
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null >>"$log" 2>&1
}

# Install what want() found missing; nothing is done, and no network needed, if that is nothing.
install_missing()
{
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null || die "not here:$missing; no apt-get to install them with"
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
		die "not here:$missing; run this as root once, or install them and sudo"
	say "installing:$missing"
	log=$(mktemp)
	apt update || say "apt-get update failed; trying with the lists that are there"
	# shellcheck disable=SC2086 # one word for each package
	if ! apt -y --no-install-recommends install $missing; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		die "cannot install:$missing; install by hand, then run this again"
	fi
	rm -f "$log"
	missing=
}

# Put Debian's node_exporter into $build/readers, where tests/readers looks for it. Not
# installed, because that would start it as a service.
fetch_exporter()
{
	package=prometheus-node-exporter
	if command -v $package >/dev/null || [ -x "$build/readers/root/usr/bin/$package" ]; then
		return 0
	fi
	mkdir -p "$build/readers"
	say "fetching: $package"
	log=$(mktemp)
	{ unpack $package || { apt update && unpack $package; }; } >>"$log" 2>&1 ||
		say "cannot fetch $package; its test is skipped"
	rm -f "$log"
}

# What the suite "browser" needs from npm, as tools/page/package-lock.json has it, in $build/page.
fetch_page_packages()
{
	source=$root/tools/page
	if ! command -v npm >/dev/null || { [ -d "$build/page/node_modules" ] &&
		cmp -s "$source/package-lock.json" "$build/page/package-lock.json"; }; then
		return 0
	fi
	say "fetching: npm packages of tools/page"
	mkdir -p "$build/page"
	log=$(mktemp)
	rm -rf "$build/page/node_modules"
	cp "$source/package.json" "$source/.npmrc" "$build/page"
	if (cd "$build/page" && cp "$source/package-lock.json" . && npm ci --ignore-scripts) >"$log" 2>&1; then
		rm -f "$log"
		return 0
	fi
	tail -n 5 "$log" >&2
	rm -rf "$log" "$build/page/package-lock.json"
	say "cannot fetch them; the suite \"browser\" is skipped"
}

# unpack PACKAGE: into $build/readers/root.
unpack()
{
	(cd "$build/readers" && rm -f "$1"_*.deb && apt-get -qq download "$1" &&
		dpkg-deb -x "$1"_*.deb root && rm "$1"_*.deb)
}

# configure DIR [meson option...]: as told, whether DIR is new, was used before or is half made.
configure()
{
	dir=$1
	shift
	if [ -e "$dir/meson-private" ]; then
		meson setup --reconfigure "$@" "$dir" "$root" >"$dir.log" 2>&1 ||
			meson setup --wipe "$@" "$dir" "$root" >"$dir.log" 2>&1 || configure_failed
	else
		mkdir -p "$(dirname "$dir")"
		meson setup "$@" "$dir" "$root" >"$dir.log" 2>&1 || configure_failed
	fi
	rm -f "$dir.log"
}

configure_failed()
{
	cat "$dir.log" >&2
	rm -f "$dir.log"
	die "cannot configure $dir"
}

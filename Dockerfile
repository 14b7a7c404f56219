# syntax=docker/dockerfile:1

FROM rust:1-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc g++ libc6-dev make pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked \
    && install --strip -D target/release/maid /out/maid
# The models that MAID has inside; without them it works in a reduced way.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-pip \
    && rm -rf /var/lib/apt/lists/* \
    && scripts/models /out/models \
    && MAID__AI__MODELS_DIR=/out/models /out/maid model prepare

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/maid maid
COPY --from=build /out/maid /usr/local/bin/maid
COPY --from=build /out/models /usr/local/share/maid/models
ENV MAID__AI__MODELS_DIR=/usr/local/share/maid/models
USER 10001
WORKDIR /var/lib/maid
EXPOSE 43121
ENTRYPOINT ["maid"]
# Until there are identities only loopback is let in: run the container with --network host.
CMD ["serve"]

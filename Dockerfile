# syntax=docker/dockerfile:1

FROM node:22-bookworm-slim AS ui
WORKDIR /src/assets/ui
COPY assets/ui/package.json assets/ui/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY assets/ui ./
COPY schema/openapi.json /src/schema/openapi.json
RUN npm run build

FROM rust:1-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc g++ libc6-dev make pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=ui /src/assets/ui/dist assets/ui/dist
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

# The exporter and the commands that it calls. What it may see of a host is for `docker run` to say: docs/guide/container.md.
ARG NODE_IMAGE=docker.io/library/node:26.12.1-trixie-slim
ARG BASE_IMAGE=docker.io/library/debian:13.8-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts/build scripts/build
COPY tsconfig.json ./
COPY src src
COPY demo demo
COPY dashboards dashboards
COPY docs/runbooks docs/runbooks
RUN node scripts/build/build.mjs --minify
# Names for debuggers are a fifth of it.
RUN apt-get update && apt-get install -y --no-install-recommends binutils && strip --strip-all /usr/local/bin/node

# Not the image of Node: it brings npm and yarn along.
FROM ${BASE_IMAGE}
# dmeventd goes: asked whether a pool is monitored, LVM would start it, inside this container.
# procps has pgrep, which finds a Prometheus that has its data on a pool.
# LVM's own configuration goes: without that of the host its policy would be made up, and has to be refused.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends dmsetup lvm2 procps libstdc++6 libatomic1 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/* \
    /usr/share/doc/* /usr/share/man/* /usr/sbin/dmeventd /etc/lvm/* \
 && echo "the host's own /etc/lvm has to be mounted here" >/etc/lvm/lvm.conf \
 && find / -xdev -type f -perm /6000 -exec chmod ug-s {} +
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /opt/thinpool-exporter
COPY --from=build /build/package.json ./
COPY LICENSE ./
COPY --from=build /build/dist/main.js dist/main.js
RUN ln -s /opt/thinpool-exporter/dist/main.js /usr/local/bin/thinpool-exporter && chmod 755 dist/main.js

ARG VERSION=unknown
LABEL org.opencontainers.image.title="thinpool-exporter" \
      org.opencontainers.image.description="Prometheus exporter and health monitor for device-mapper thin pools" \
      org.opencontainers.image.source="https://github.com/thinpool-exporter/thinpool-exporter" \
      org.opencontainers.image.documentation="https://github.com/thinpool-exporter/thinpool-exporter/blob/main/docs/guide/container.md" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"

# The C library's: what one thread gave back the others use, and the system gets back. Node's: little room for what is new.
ENV MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536 NODE_OPTIONS=--max-semi-space-size=2

# Root without capabilities of its own: device-mapper's control device belongs to root, and asks for CAP_SYS_ADMIN.
USER root
EXPOSE 10058
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "require('node:http').get('http://127.0.0.1:10058/-/healthy', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["thinpool-exporter"]
CMD ["serve"]

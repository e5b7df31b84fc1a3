/** A device-mapper sector is 512 bytes on every device (kernel `include/linux/blk_types.h`, SECTOR_SIZE). */
export const sectorBytes = 512;

/** A thin-pool metadata block is 4096 bytes, always (kernel `drivers/md/dm-thin-metadata.h`). */
export const metadataBlockBytes = 4096;

/** A pool block is a multiple of 64 KiB (kernel `dm-thin.c`, DATA_DEV_BLOCK_SIZE_MIN_SECTORS = 128). */
export const smallestBlockSectors = 128;

/**
 * Metadata blocks the kernel can ever use: 255 * (2^14 - 64), 15.875 GiB
 * (kernel `dm-thin-metadata.h`, THIN_METADATA_MAX_SECTORS). A larger device is capped silently.
 */
export const metadataBlocksMax = 255 * ((1 << 14) - 64);

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export const minuteSeconds = 60;
export const hourSeconds = 60 * minuteSeconds;
export const daySeconds = 24 * hourSeconds;

/*
 * libdeflate for gzip.ts: deflates a block to deflate blocks of which none is the last one, RFC 1951, and that end on a
 * whole byte, so that those of the next block can follow.
 */
#include "lib/deflate_compress.c"
#include "fast.h"

#define EXPORT(name) __attribute__((export_name(#name)))

/* Bytes of a block at most; `deflateBlockSize` in deflate.ts. */
#define INPUT_SIZE (1 << 20)

/* With room around the input for what level 1 reads. */
static _Alignas(1 << 16) struct {
	u8 before[1 << 16];
	u8 input[INPUT_SIZE];
	u8 after[STEP];
} memory;
/* What cannot be compressed is stored: 5 bytes more for each MIN_BLOCK_LENGTH. */
static u8 output[INPUT_SIZE + (1 << 12)];
static struct libdeflate_compressor compressor;

/* What libdeflate asks of the rest of itself. */
malloc_func_t libdeflate_default_malloc_func;
free_func_t libdeflate_default_free_func;
void *libdeflate_aligned_malloc(malloc_func_t malloc_func, size_t alignment, size_t size)
{
	return size <= sizeof(compressor) ? &compressor : NULL;
}

EXPORT(input_address) u8 *input_address(void) { return memory.input; }
EXPORT(output_address) u8 *output_address(void) { return output; }

/* Deflates `length` bytes of the input; says how many bytes of output they are. `level` is 1 to 9. */
EXPORT(deflate) size_t deflate(size_t length, int level)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(level);
	struct deflate_output_bitstream os = { .next = output, .end = output + sizeof(output) };

	if (c == NULL || length > INPUT_SIZE)
		__builtin_trap();
	if (level == 1)
		c->impl = deflate_compress_fast;
	if (length > 0)
		c->impl(c, memory.input, length, &os);
	if (os.overflow || os.end - os.next < 6)
		__builtin_trap();
	/* A stored block of nothing: three bits, then from the next whole byte on its length. Section 3.2.4. */
	*os.next++ = os.bitbuf;
	if (os.bitcount > 5)
		*os.next++ = 0;
	put_unaligned_le16(0, os.next);
	put_unaligned_le16(0xffff, os.next + 2);
	return os.next + 4 - output;
}

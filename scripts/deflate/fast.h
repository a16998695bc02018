/*
 * Level 1, in a third less time than deflate_compress_fastest() of libdeflate. Where a match begins cannot be foreseen: each
 * costs a branch that was guessed wrong, and the wait for what the guess held up. So matches are compared and chosen
 * without branches, here and one byte on, and what is known of the next place is looked up before it is asked for.
 */
#include <wasm_simd128.h>

/* Bytes that one pair of Huffman codes is made for. */
#define FAST_BLOCK_LENGTH 20480
#define FAST_HASH_ORDER 15
/* What is compared at once. */
#define STEP 16

/*
 * By the hash of four bytes the last two places that had it, the later one in the upper half: the last 16 bits of their
 * addresses. One that is 64 KiB further back than it seems is compared with what is there, like any other.
 */
static u32 places[1 << FAST_HASH_ORDER];

/* Too far behind the first 32 KiB of an input whose address ends on 16 zero bits. */
#define NO_PLACES 0x7fff7fff

struct match {
	u32 length;
	u32 offset;
};

static forceinline u32 hash_at(const u8 *in)
{
	return lz_hash(load_u32_unaligned(in), FAST_HASH_ORDER);
}

static forceinline u32 with_place(u32 known, const u8 *in)
{
	return known >> 16 | (u32)in << 16;
}

static forceinline u32 offset_to(u32 place, const u8 *in)
{
	return (u16)((u32)in - place);
}

static forceinline void remember(const u8 *in)
{
	u32 hash = hash_at(in);

	places[hash] = with_place(places[hash], in);
}

/* Not zero where the offset is one that deflate has not: 0, or more than 32 KiB. */
static forceinline u32 beyond_window(u32 offset)
{
	return (offset - 1) / MATCHFINDER_WINDOW_SIZE;
}

static forceinline bool is_match(u32 place, const u8 *in)
{
	u32 offset = offset_to(place, in);

	return ((load_u32_unaligned(in - offset) ^ load_u32_unaligned(in)) | beyond_window(offset)) == 0;
}

/* How many of STEP bytes are the same from the first on. */
static forceinline u32 same_bytes(const u8 *a, const u8 *b)
{
	u32 same = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(a), wasm_v128_load(b)));

	return __builtin_ctz(~same);
}

static forceinline struct match match_at(u32 place, const u8 *in)
{
	struct match match = { .offset = offset_to(place, in) };

	match.length = same_bytes(in, in - match.offset);
	if (beyond_window(match.offset))
		match.length = 0;
	return match;
}

static forceinline struct match longer(struct match a, struct match b)
{
	bool other = b.length > a.length;

	a.length = other ? b.length : a.length;
	a.offset = other ? b.offset : a.offset;
	return a;
}

/* The longest match at the known places, up to STEP bytes. */
static forceinline struct match longest_match(u32 known, const u8 *in)
{
	return longer(match_at(known >> 16, in), match_at(known, in));
}

static u32 extend(const u8 *in, u32 offset, const u8 *end)
{
	const u32 max = MIN(end - in, DEFLATE_MAX_MATCH_LEN);
	u32 length = STEP;
	u32 same = STEP;

	for (; same == STEP && length < max; length += same)
		same = same_bytes(in + length, in + length - offset);
	return MIN(length, max);
}

/*
 * Reads up to 64 KiB before `in` and STEP bytes beyond its end, whatever is there. The last 16 bits of the address of `in`
 * must be zeros.
 */
static void deflate_compress_fast(struct libdeflate_compressor *restrict c, const u8 *in, size_t in_nbytes,
				  struct deflate_output_bitstream *os)
{
	const u8 *const end = in + in_nbytes;
	/* From there on all is literals; matches that are shorter than STEP cannot reach the end. */
	const u8 *const last = end - MIN(in_nbytes, STEP + 1);

	STATIC_ASSERT(FAST_BLOCK_LENGTH / HT_MATCHFINDER_MIN_MATCH_LEN <= FAST_SEQ_STORE_LENGTH);
	for (u32 i = 0; i < ARRAY_LEN(places); i++)
		places[i] = NO_PLACES;

	while (in != end) {
		const u8 *const begin = in;
		const u8 *const block_end = choose_max_block_end(in, end, FAST_BLOCK_LENGTH);
		const u8 *const search_end = MIN(block_end, last);
		const u8 *literals = in;
		struct deflate_sequence *seq = c->p.f.sequences;
		u32 hash = hash_at(in);
		u32 known = places[hash];

		deflate_begin_sequences(c, seq);
		while (in < search_end) {
			const u32 known_here = known;
			struct match match, next;
			bool is_next_longer;

			places[hash] = with_place(known, in);
			hash = hash_at(in + 1);
			known = places[hash];
			if (!is_match(known_here >> 16, in) && !is_match(known_here, in)) {
				c->freqs.litlen[*in++]++;
				continue;
			}

			places[hash] = with_place(known, in + 1);
			match = longest_match(known_here, in);
			next = longest_match(known, in + 1);
			is_next_longer = next.length > match.length;
			match = longer(match, next);
			c->freqs.litlen[*in] += is_next_longer;
			in += is_next_longer;
			if (match.length == STEP) {
				match.length = extend(in, match.offset, end);
				for (u32 i = 6; i + 3 < match.length; i += 4)
					remember(in + i);
			}
			seq->litrunlen_and_length = in - literals;
			deflate_choose_match(c, match.length, match.offset, false, &seq);
			remember(in + 2);
			remember(in + 3);
			remember(in + match.length - 2);
			remember(in + match.length - 1);
			in += match.length;
			literals = in;
			hash = hash_at(in);
			known = places[hash];
		}
		while (block_end == end && in != end)
			c->freqs.litlen[*in++]++;
		seq->litrunlen_and_length = in - literals;
		deflate_finish_block(c, os, begin, in - begin, c->p.f.sequences, false);
	}
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/body_decoder.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/http.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <zlib.h>
#include <zstd.h>

namespace gateway::net {

namespace {

constexpr std::size_t step = 64 * 1024;
constexpr std::size_t freeBytes = 1024 * 1024; ///< below it no ratio is looked at

class Output
{
public:
    Output(std::size_t encoded, std::size_t maxBytes, std::size_t maxRatio)
        : m_maxBytes(maxBytes)
        , m_maxByRatio(std::max(freeBytes, encoded * maxRatio))
    {
        m_bytes.reserve(std::min(maxBytes, 4 * encoded) + pipeline::bodyPadding);
    }

    char *room()
    {
        m_bytes.resize(m_size + step);
        return m_bytes.data() + m_size;
    }
    Result<void> took(std::size_t count)
    {
        m_size += count;
        if (m_size > m_maxBytes)
            return fail(ErrorCode::BodyTooLarge, "the request's body is larger than gateway.max_body once decoded");
        if (m_size > m_maxByRatio)
            return fail(ErrorCode::UnsupportedMediaType, "the request's body is packed too densely to be decoded; send it without Content-Encoding");
        return {};
    }
    std::string finish()
    {
        m_bytes.resize(m_size);
        return std::move(m_bytes);
    }

private:
    std::string m_bytes;
    std::size_t m_size = 0;
    std::size_t m_maxBytes;
    std::size_t m_maxByRatio;
};

std::unexpected<Error> damaged(std::string_view coding)
{
    return fail(ErrorCode::UnsupportedMediaType, fmt::format("the request's body is not what its Content-Encoding \"{}\" says", coding));
}

Result<std::string> gunzip(std::string_view body, Output output)
{
    z_stream stream {};
    if (inflateInit2(&stream, 15 + 16) != Z_OK)
        return fail(ErrorCode::Internal, "gzip cannot be set up");
    const std::unique_ptr<z_stream, int (*)(z_stream *)> guard(&stream, inflateEnd);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(body.data()));
    stream.avail_in = static_cast<uInt>(body.size());
    for (;;) {
        stream.next_out = reinterpret_cast<Bytef *>(output.room());
        stream.avail_out = step;
        const int code = inflate(&stream, Z_NO_FLUSH);
        const std::size_t made = step - stream.avail_out;
        if (auto within = output.took(made); !within)
            return std::unexpected(within.error());
        if (code == Z_STREAM_END)
            break;
        if (code != Z_OK || (made == 0 && stream.avail_in == 0))
            return damaged("gzip");
    }
    if (stream.avail_in != 0)
        return damaged("gzip");
    return output.finish();
}

Result<std::string> unzstd(std::string_view body, Output output)
{
    const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx *)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
    if (!context)
        return fail(ErrorCode::Internal, "zstd cannot be set up");
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 23); // 8 MiB, as RFC 8878 asks of every reader
    ZSTD_inBuffer in {body.data(), body.size(), 0};
    for (;;) {
        ZSTD_outBuffer out {output.room(), step, 0};
        const std::size_t hint = ZSTD_decompressStream(context.get(), &out, &in);
        if (ZSTD_isError(hint))
            return damaged("zstd");
        if (auto within = output.took(out.pos); !within)
            return std::unexpected(within.error());
        if (in.pos == in.size && out.pos < step) {
            if (hint != 0)
                return damaged("zstd");
            break;
        }
    }
    return output.finish();
}

} // namespace

Result<std::string> decodeContent(std::string_view coding, std::string_view body, std::size_t maxBytes, std::size_t maxRatio)
{
    Output output(body.size(), maxBytes, maxRatio);
    if (equalsIgnoringCase(coding, "gzip") || equalsIgnoringCase(coding, "x-gzip"))
        return gunzip(body, std::move(output));
    if (equalsIgnoringCase(coding, "zstd"))
        return unzstd(body, std::move(output));
    return fail(ErrorCode::UnsupportedMediaType, fmt::format("Content-Encoding \"{}\" is not known here; send gzip, zstd or none", truncatedUtf8(toValidUtf8(coding), 40)));
}

} // namespace gateway::net

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/body_codec.h"

#include <zstd.h>

namespace gateway::storage {

namespace {

constexpr char plain = 0;
constexpr char compressed = 1;
constexpr std::size_t worthIt = 128;               // shorter ones do not shrink
constexpr int level = 1;                           // on the writer's thread: speed before size
constexpr unsigned long long largest = 64ULL << 20;

} // namespace

struct BodyCodec::Contexts
{
    ZSTD_CCtx *compress = nullptr;
    ZSTD_DCtx *decompress = nullptr;
};

BodyCodec::BodyCodec() : m_contexts(std::make_unique<Contexts>()) {}

BodyCodec::~BodyCodec()
{
    ZSTD_freeCCtx(m_contexts->compress);
    ZSTD_freeDCtx(m_contexts->decompress);
}

QByteArray BodyCodec::packed(std::string_view body)
{
    if (body.empty())
        return {};
    if (body.size() >= worthIt) {
        if (m_contexts->compress == nullptr)
            m_contexts->compress = ZSTD_createCCtx();
        QByteArray bytes(static_cast<qsizetype>(1 + ZSTD_compressBound(body.size())), Qt::Uninitialized);
        bytes[0] = compressed;
        const std::size_t size = ZSTD_compressCCtx(m_contexts->compress, bytes.data() + 1, static_cast<std::size_t>(bytes.size() - 1), body.data(), body.size(), level);
        if (ZSTD_isError(size) == 0 && size < body.size()) {
            bytes.truncate(static_cast<qsizetype>(1 + size));
            return bytes;
        }
    }
    return QByteArray(1, plain) + QByteArray(body.data(), static_cast<qsizetype>(body.size()));
}

Result<std::string> BodyCodec::unpacked(const QByteArray &bytes)
{
    const auto damaged = [] { return fail(ErrorCode::Invalid, "A stored body is damaged and cannot be shown."); };
    if (bytes.isEmpty())
        return std::string();
    if (bytes.front() == plain)
        return bytes.mid(1).toStdString();
    if (bytes.front() != compressed)
        return damaged();
    const char *data = bytes.constData() + 1;
    const auto size = static_cast<std::size_t>(bytes.size() - 1);
    const unsigned long long length = ZSTD_getFrameContentSize(data, size);
    if (length == ZSTD_CONTENTSIZE_UNKNOWN || length == ZSTD_CONTENTSIZE_ERROR || length > largest)
        return damaged();
    if (m_contexts->decompress == nullptr)
        m_contexts->decompress = ZSTD_createDCtx();
    std::string body(static_cast<std::size_t>(length), '\0');
    const std::size_t got = ZSTD_decompressDCtx(m_contexts->decompress, body.data(), body.size(), data, size);
    if (ZSTD_isError(got) != 0 || got != body.size())
        return damaged();
    return body;
}

} // namespace gateway::storage

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/body_codec.h"

#include "gateway/storage/varint.h"

#include <array>
#include <unordered_map>
#include <zstd.h>

namespace gateway::storage {

namespace {

constexpr char plain = 0;
constexpr char compressed = 1;
constexpr char byDictionary = 2;
constexpr std::size_t worthIt = 128;               // shorter ones do not shrink
constexpr int level = 1;                           // on the writer's thread: speed before size
constexpr std::size_t longestByDictionary = 64 * 1024;
constexpr unsigned long long largest = 64ULL << 20;

} // namespace

struct BodyCodec::Contexts
{
    /// Of one kind, to pack by.
    struct Used
    {
        std::int64_t number = 0;
        ZSTD_CDict *dictionary = nullptr;
    };
    ZSTD_CCtx *compress = nullptr;
    ZSTD_CCtx *compressBy = nullptr;
    ZSTD_DCtx *decompress = nullptr;
    std::array<Used, bodyKindCount> used {};
    std::unordered_map<std::int64_t, ZSTD_DDict *> known {}; ///< to unpack by

    ~Contexts()
    {
        ZSTD_freeCCtx(compress);
        ZSTD_freeCCtx(compressBy);
        ZSTD_freeDCtx(decompress);
        for (const Used &each : used)
            ZSTD_freeCDict(each.dictionary);
        for (const auto &[number, dictionary] : known)
            ZSTD_freeDDict(dictionary);
    }
};

BodyCodec::BodyCodec(Dictionaries dictionaries) : m_dictionaries(std::move(dictionaries)), m_contexts(std::make_unique<Contexts>()) {}
BodyCodec::~BodyCodec() = default;

void BodyCodec::use(BodyKind kind, std::int64_t number, const QByteArray &dictionary)
{
    Contexts::Used &used = m_contexts->used[static_cast<std::size_t>(kind) - 1];
    ZSTD_freeCDict(used.dictionary);
    used = {.number = number, .dictionary = dictionary.isEmpty() ? nullptr : ZSTD_createCDict(dictionary.constData(), static_cast<std::size_t>(dictionary.size()), level)};
}

QByteArray BodyCodec::packed(std::string_view body, BodyKind kind)
{
    const Contexts::Used &used = m_contexts->used[static_cast<std::size_t>(kind) - 1];
    if (used.dictionary == nullptr || body.size() < worthIt || body.size() > longestByDictionary)
        return packed(body);
    if (m_contexts->compressBy == nullptr) {
        m_contexts->compressBy = ZSTD_createCCtx();
        ZSTD_CCtx_setParameter(m_contexts->compressBy, ZSTD_c_dictIDFlag, 0); // our own number stands before it
    }
    QByteArray bytes(1, byDictionary);
    appendVarint(bytes, static_cast<std::uint64_t>(used.number));
    const qsizetype head = bytes.size();
    bytes.resize(head + static_cast<qsizetype>(ZSTD_compressBound(body.size())));
    ZSTD_CCtx_refCDict(m_contexts->compressBy, used.dictionary);
    const std::size_t size = ZSTD_compress2(m_contexts->compressBy, bytes.data() + head, static_cast<std::size_t>(bytes.size() - head), body.data(), body.size());
    if (ZSTD_isError(size) != 0 || size >= body.size())
        return packed(body);
    bytes.truncate(head + static_cast<qsizetype>(size));
    return bytes;
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
    qsizetype at = 1;
    std::uint64_t number = 0;
    if (bytes.front() == byDictionary ? !readVarint(bytes, at, number) : bytes.front() != compressed)
        return damaged();
    const char *data = bytes.constData() + at;
    const auto size = static_cast<std::size_t>(bytes.size() - at);
    const unsigned long long length = ZSTD_getFrameContentSize(data, size);
    if (length == ZSTD_CONTENTSIZE_UNKNOWN || length == ZSTD_CONTENTSIZE_ERROR || length > largest)
        return damaged();
    if (m_contexts->decompress == nullptr)
        m_contexts->decompress = ZSTD_createDCtx();
    const ZSTD_DDict *dictionary = nullptr;
    if (bytes.front() == byDictionary) {
        auto found = dictionaryWith(static_cast<std::int64_t>(number));
        if (!found)
            return std::unexpected(found.error());
        dictionary = static_cast<const ZSTD_DDict *>(*found);
    }
    std::string body(static_cast<std::size_t>(length), '\0');
    const std::size_t got = dictionary != nullptr ? ZSTD_decompress_usingDDict(m_contexts->decompress, body.data(), body.size(), data, size, dictionary)
                                                  : ZSTD_decompressDCtx(m_contexts->decompress, body.data(), body.size(), data, size);
    if (ZSTD_isError(got) != 0 || got != body.size())
        return damaged();
    return body;
}

Result<const void *> BodyCodec::dictionaryWith(std::int64_t number)
{
    if (const auto known = m_contexts->known.find(number); known != m_contexts->known.end())
        return known->second;
    auto bytes = m_dictionaries ? m_dictionaries(number) : fail(ErrorCode::Invalid, "A stored body cannot be shown: the dictionary that it was packed by is missing.");
    if (!bytes)
        return std::unexpected(bytes.error());
    ZSTD_DDict *made = ZSTD_createDDict(bytes->constData(), static_cast<std::size_t>(bytes->size()));
    if (made == nullptr)
        return fail(ErrorCode::Invalid, "A stored body cannot be shown: the dictionary that it was packed by is damaged.");
    m_contexts->known.emplace(number, made);
    return made;
}

} // namespace gateway::storage

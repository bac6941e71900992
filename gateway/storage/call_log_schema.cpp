// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/call_log_schema.h"

#include "gateway/core/call_id.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace gateway::storage {

namespace {

constexpr std::array statuses {CallStatus::Ok, CallStatus::Failed, CallStatus::Refused, CallStatus::Cut, CallStatus::Cancelled};
constexpr std::array cacheOutcomes {CacheOutcome::Off, CacheOutcome::Miss, CacheOutcome::Hit, CacheOutcome::Semantic};
constexpr std::array endpoints {Endpoint::Other,       Endpoint::ChatCompletions, Endpoint::Completions, Endpoint::Embeddings,     Endpoint::Models, Endpoint::Messages,
                               Endpoint::Responses,   Endpoint::GenerateContent, Endpoint::CountTokens, Endpoint::Images,         Endpoint::Transcriptions, Endpoint::Speech,
                               Endpoint::Moderations, Endpoint::Rerank,          Endpoint::Passthrough, Endpoint::Realtime,       Endpoint::ImageEdits};
static_assert(endpoints.size() == endpointCount);

constexpr std::string_view idPrefix = "call_";
constexpr std::string_view idLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford, as core/call_id.cpp
constexpr std::size_t idLength = 26;
constexpr int packedBytes = 16;
constexpr std::array<std::int8_t, 256> letterValues = [] {
    std::array<std::int8_t, 256> values {};
    values.fill(-1);
    for (std::size_t i = 0; i < idLetters.size(); ++i)
        values[static_cast<unsigned char>(idLetters[i])] = static_cast<std::int8_t>(i);
    return values;
}();
constexpr int timeBytes = 6; // of milliseconds, first
constexpr std::int64_t millisecond = 1000;
constexpr std::size_t traceDigits = 32;
constexpr char plainMark = '\xff'; // no packed id begins so before the year 10889

template <typename List, typename T>
std::int64_t indexIn(const List &list, T value)
{
    return std::distance(list.begin(), std::find(list.begin(), list.end(), value));
}

__extension__ using Bits = unsigned __int128;

QByteArray bytesOf(Bits bits)
{
    QByteArray bytes(packedBytes, '\0');
    for (int i = packedBytes; i-- > 0; bits >>= 8)
        bytes[i] = static_cast<char>(bits & 0xff);
    return bytes;
}

bool isHex(std::string_view text)
{
    return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::int64_t millisOf(const QByteArray &packed)
{
    std::int64_t millis = 0;
    for (int i = 0; i < timeBytes; ++i)
        millis = millis << 8 | static_cast<unsigned char>(packed[i]);
    return millis;
}

} // namespace

std::int64_t toNumber(CacheOutcome outcome)
{
    switch (outcome) {
    case CacheOutcome::Off: return 0;
    case CacheOutcome::Miss: return 1;
    case CacheOutcome::Hit: return 2;
    case CacheOutcome::Semantic: return 3;
    }
    return 0;
}

CacheOutcome cacheOutcomeFrom(std::int64_t flags)
{
    return cacheOutcomes[static_cast<std::size_t>((flags >> call_flag::cacheShift) & call_flag::cacheMask)];
}

std::int64_t toNumber(CallStatus status)
{
    return indexIn(statuses, status);
}

CallStatus callStatusFrom(std::int64_t number)
{
    return number >= 0 && number < static_cast<std::int64_t>(statuses.size()) ? statuses[static_cast<std::size_t>(number)] : CallStatus::Failed;
}

std::int64_t toNumber(Endpoint endpoint)
{
    const std::int64_t index = indexIn(endpoints, endpoint);
    return index < static_cast<std::int64_t>(endpoints.size()) ? index : 0;
}

Endpoint endpointFrom(std::int64_t number)
{
    return number >= 0 && number < static_cast<std::int64_t>(endpoints.size()) ? endpoints[static_cast<std::size_t>(number)] : Endpoint::Other;
}

std::optional<CacheOutcome> cacheOutcomeNamed(std::string_view text)
{
    for (const CacheOutcome outcome : cacheOutcomes) {
        if (equalsIgnoringCase(toText(outcome), text))
            return outcome;
    }
    return std::nullopt;
}

std::optional<CallStatus> callStatusNamed(std::string_view text)
{
    for (const CallStatus status : statuses) {
        if (equalsIgnoringCase(toText(status), text))
            return status;
    }
    return std::nullopt;
}

std::optional<Endpoint> endpointNamed(std::string_view text)
{
    for (const Endpoint endpoint : endpoints) {
        if (equalsIgnoringCase(toText(endpoint), text))
            return endpoint;
    }
    return std::nullopt;
}

ErrorCode errorCodeNamed(std::string_view text)
{
    static const std::unordered_map<std::string_view, ErrorCode> codes = [] {
        std::unordered_map<std::string_view, ErrorCode> map;
        for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i)
            map.emplace(toText(static_cast<ErrorCode>(i)), static_cast<ErrorCode>(i));
        return map;
    }();
    const auto found = codes.find(text);
    return found == codes.end() ? ErrorCode::Internal : found->second;
}

QByteArray packId(std::string_view id)
{
    // 26 letters are 130 bits; the first is below 8 until the time needs more than 48 bits.
    if (!isCallId(id) || idLetters.find(id[idPrefix.size()]) > 7)
        return QByteArray(1, plainMark) + QByteArray(id.data(), static_cast<qsizetype>(id.size()));
    Bits bits = 0;
    for (const char c : id.substr(idPrefix.size()))
        bits = bits << 5 | static_cast<unsigned>(letterValues[static_cast<unsigned char>(c)]);
    return bytesOf(bits);
}

std::string unpackId(const QByteArray &packed)
{
    if (packed.startsWith(plainMark))
        return packed.mid(1).toStdString();
    Bits bits = 0;
    for (const char c : packed)
        bits = bits << 8 | static_cast<unsigned char>(c);
    std::string id(idPrefix.size() + idLength, '0');
    std::copy(idPrefix.begin(), idPrefix.end(), id.begin());
    for (std::size_t i = idLength; i-- > 0; bits >>= 5)
        id[idPrefix.size() + i] = idLetters[static_cast<std::size_t>(bits & 31)];
    return id;
}

std::optional<std::pair<QByteArray, QByteArray>> packedIdRange(std::string_view prefix)
{
    if (!prefix.starts_with(idPrefix) || prefix.size() <= idPrefix.size() || prefix.size() > idPrefix.size() + idLength)
        return std::nullopt;
    Bits bits = 0;
    const std::string_view letters = prefix.substr(idPrefix.size());
    for (const char c : letters) {
        const std::size_t value = idLetters.find(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
        if (value == std::string_view::npos)
            return std::nullopt;
        bits = bits << 5 | value;
    }
    if (idLetters.find(letters.front()) > 7)
        return std::nullopt;
    const int open = static_cast<int>(idLength - letters.size()) * 5;
    const Bits from = bits << open;
    const Bits last = from | ((open == 0 ? Bits {0} : (Bits {1} << open) - 1));
    return std::pair(bytesOf(from), bytesOf(last) + '\0'); // the end is exclusive: one byte longer sorts just after
}

std::pair<std::int64_t, std::int64_t> idTimes(const QByteArray &from, const QByteArray &to)
{
    return {millisOf(from) * millisecond, (millisOf(to) + 1) * millisecond};
}

bool isTimed(const QByteArray &packed)
{
    return packed.size() == packedBytes && !packed.startsWith(plainMark);
}

bool isTimed(const QByteArray &packed, std::int64_t startedUs)
{
    return isTimed(packed) && startedUs >= 0 && startedUs / millisecond == millisOf(packed);
}

QByteArray packTrace(std::string_view trace)
{
    return trace.size() == traceDigits && isHex(trace) ? QByteArray::fromHex(QByteArray::fromRawData(trace.data(), static_cast<qsizetype>(trace.size()))) : QByteArray();
}

std::string unpackTrace(const QByteArray &packed)
{
    return packed.toHex().toStdString();
}

std::optional<std::pair<QByteArray, QByteArray>> packedTraceRange(std::string_view prefix)
{
    if (prefix.size() > traceDigits || !isHex(prefix))
        return std::nullopt;
    const auto filled = [prefix](char digit) { return packTrace(std::string(prefix) + std::string(traceDigits - prefix.size(), digit)); };
    return std::pair(filled('0'), filled('f') + '\0'); // the end is exclusive: one byte longer sorts just after
}

QByteArray keepsakeKey(const KeyHasher::Digest &key)
{
    return QByteArray(reinterpret_cast<const char *>(key.data()), static_cast<qsizetype>(key.size()));
}

} // namespace gateway::storage

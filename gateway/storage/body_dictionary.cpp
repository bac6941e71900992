// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/body_dictionary.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <utility>
#include <zdict.h>
#include <zstd.h>

namespace gateway::storage {

namespace {

constexpr std::size_t bytesOfABody = 8 * 1024;       // of a longer one its beginning
constexpr std::size_t shortest = 128;                // shorter ones are not compressed
constexpr std::size_t dictionaryBytes = 16 * 1024;   // stays in the processor's cache
constexpr std::size_t window = 16;                   // bytes: what is shared is looked for in pieces so long
constexpr std::size_t sharedByAtLeast = 12;          // bodies,
constexpr std::size_t sharedByPart = 25;             // and by one in so many
constexpr std::int64_t betweenBodiesOfKey = 1'000'000; // microseconds
constexpr std::size_t leastShared = 128;             // zstd takes no less
constexpr int level = 1;                             // body_codec.cpp

std::uint64_t hashAt(std::string_view text, std::size_t at)
{
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::copy_n(text.data() + at, sizeof low, reinterpret_cast<char *>(&low));
    std::copy_n(text.data() + at + sizeof low, sizeof high, reinterpret_cast<char *>(&high));
    std::uint64_t hash = (low ^ (high * 0x9E3779B97F4A7C15ULL)) * 0xBF58476D1CE4E5B9ULL;
    return hash ^ hash >> 31;
}

/// In how many bodies each piece is.
std::unordered_map<std::uint64_t, std::uint32_t> piecesOf(const std::vector<std::string> &bodies)
{
    std::unordered_map<std::uint64_t, std::uint32_t> counts;
    std::unordered_map<std::uint64_t, std::size_t> last; // body in which it was seen last
    for (std::size_t body = 0; body < bodies.size(); ++body) {
        for (std::size_t at = 0; at + window <= bodies[body].size(); ++at) {
            const std::uint64_t hash = hashAt(bodies[body], at);
            const auto [seen, fresh] = last.try_emplace(hash, body);
            if (!fresh && seen->second == body)
                continue;
            seen->second = body;
            ++counts[hash];
        }
    }
    return counts;
}

/// Stretches of bodies of which every piece is in many others; those worth most come last, where zstd finds them nearest.
std::string sharedText(const std::vector<std::string> &bodies)
{
    const auto counts = piecesOf(bodies);
    const std::size_t enough = std::max(sharedByAtLeast, bodies.size() / sharedByPart);
    std::unordered_map<std::string, std::size_t> stretches; // and how many bodies have each
    for (const std::string &body : bodies) {
        std::size_t from = 0;
        std::size_t to = 0; // of the stretch so far
        const auto take = [&] {
            if (to - from >= window)
                ++stretches[body.substr(from, to - from)];
        };
        for (std::size_t at = 0; at + window <= body.size(); ++at) {
            if (counts.at(hashAt(body, at)) < enough)
                continue;
            if (at > to || to == 0) {
                take();
                from = at;
            }
            to = at + window;
        }
        take();
    }
    std::vector<std::pair<std::size_t, const std::string *>> byWorth;
    for (const auto &[text, count] : stretches)
        byWorth.emplace_back(text.size() * count, &text);
    std::ranges::sort(byWorth, [](const auto &a, const auto &b) { return std::pair(a.first, std::string_view(*a.second)) > std::pair(b.first, std::string_view(*b.second)); });
    std::string shared;
    for (const auto &[worth, text] : byWorth) {
        if (shared.size() + window > dictionaryBytes)
            break;
        if (shared.size() + text->size() <= dictionaryBytes && shared.find(*text) == std::string::npos)
            shared.insert(0, *text);
    }
    return shared;
}

QByteArray withStatistics(const std::string &shared, const std::vector<std::string> &bodies)
{
    std::string all;
    std::vector<std::size_t> sizes;
    for (const std::string &body : bodies) {
        all += body;
        sizes.push_back(body.size());
    }
    QByteArray dictionary(static_cast<qsizetype>(shared.size() + 4096), Qt::Uninitialized);
    const ZDICT_params_t parameters {.compressionLevel = level, .notificationLevel = 0, .dictID = 0};
    const std::size_t size = ZDICT_finalizeDictionary(dictionary.data(), static_cast<std::size_t>(dictionary.size()), shared.data(), shared.size(), all.data(), sizes.data(),
                                                      static_cast<unsigned>(sizes.size()), parameters);
    if (ZDICT_isError(size) != 0)
        return {};
    dictionary.truncate(static_cast<qsizetype>(size));
    return dictionary;
}

struct FreeContext
{
    void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
};
struct FreeDictionary
{
    void operator()(ZSTD_CDict *dictionary) const { ZSTD_freeCDict(dictionary); }
};

/// Whether bodies that it was not made of become a tenth smaller by it.
bool isWorthIt(const QByteArray &dictionary, const std::vector<std::string> &bodies)
{
    const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
    const std::unique_ptr<ZSTD_CDict, FreeDictionary> prepared(ZSTD_createCDict(dictionary.constData(), static_cast<std::size_t>(dictionary.size()), level));
    if (!context || !prepared)
        return false;
    std::size_t with = 0;
    std::size_t without = 0;
    std::string bytes;
    for (const std::string &body : bodies) {
        bytes.resize(ZSTD_compressBound(body.size()));
        without += std::min(body.size(), ZSTD_compressCCtx(context.get(), bytes.data(), bytes.size(), body.data(), body.size(), level));
        with += std::min(body.size(), ZSTD_compress_usingCDict(context.get(), bytes.data(), bytes.size(), body.data(), body.size(), prepared.get()));
    }
    return with * 10 < without * 9;
}

} // namespace

QByteArray makeDictionary(const std::vector<std::string> &bodies)
{
    std::vector<std::string> some;
    std::vector<std::string> others;
    for (std::size_t i = 0; i < bodies.size(); ++i)
        (i % 4 == 3 ? others : some).push_back(bodies[i]);
    const std::string shared = sharedText(some);
    if (shared.size() < leastShared)
        return {};
    QByteArray dictionary = withStatistics(shared, some);
    return !dictionary.isEmpty() && isWorthIt(dictionary, others) ? dictionary : QByteArray();
}

bool DictionaryMaker::isOfAnother(std::string_view key, std::string_view session, std::int64_t startedUs)
{
    if (!session.empty() && !m_sessions.emplace(session).second)
        return false;
    const auto [last, fresh] = m_lastOfKey.try_emplace(std::string(key), startedUs);
    if (!fresh && std::abs(startedUs - last->second) < betweenBodiesOfKey)
        return false;
    last->second = startedUs;
    return true;
}

void DictionaryMaker::offer(std::string_view body, std::string_view key, std::string_view session, std::int64_t startedUs)
{
    if (m_made.valid() || body.size() < shortest)
        return;
    if (m_pause > 0) {
        --m_pause;
        return;
    }
    if (!isOfAnother(key, session, startedUs))
        return;
    m_bodies.emplace_back(body.substr(0, bytesOfABody));
    if (m_bodies.size() < bodiesWanted)
        return;
    m_sessions.clear();
    m_lastOfKey.clear();
    m_made = std::async(std::launch::async, [bodies = std::exchange(m_bodies, {})] { return makeDictionary(bodies); });
}

std::optional<QByteArray> DictionaryMaker::take()
{
    if (!m_made.valid() || m_made.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        return std::nullopt;
    QByteArray dictionary = m_made.get();
    constexpr std::size_t firstPause = 10'000;
    constexpr std::size_t mostTries = 6;
    if (dictionary.isEmpty())
        m_pause = firstPause << std::min(m_tries++, mostTries);
    return dictionary;
}

} // namespace gateway::storage

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

/// What bodies have in common, so that zstd need not store it with each of them. A dictionary outlives the bodies that it was
/// made of: it holds no text but what many calls of unlike sessions share, which is their form.
namespace gateway::storage {

/// `dictionaries.kind`, also `bodies`' columns. These numbers are in files.
enum class BodyKind : std::uint8_t { Request = 1, Answer = 2, Sent = 3, Received = 4 };
inline constexpr std::size_t bodyKindCount = 4;

/// A zstd dictionary of what these bodies share. Takes some tenths of a second; any thread.
/// @return empty: it would not make bodies a tenth smaller
QByteArray makeDictionary(const std::vector<std::string> &bodies);

/// Collects bodies of one kind, and makes a dictionary of them on a thread of its own. Writer's thread.
class DictionaryMaker
{
public:
    static constexpr std::size_t bodiesWanted = 400;

    /// Of one session one body is taken, and of one key one in a second, so that what many of them share is not what one
    /// conversation repeats.
    void offer(std::string_view body, std::string_view key, std::string_view session, std::int64_t startedUs);
    /// The dictionary, once, when it is made; empty: these bodies have little in common, and others are collected.
    std::optional<QByteArray> take();

private:
    bool isOfAnother(std::string_view key, std::string_view session, std::int64_t startedUs);

    std::vector<std::string> m_bodies;
    std::unordered_set<std::string> m_sessions;
    std::unordered_map<std::string, std::int64_t> m_lastOfKey; ///< when its call began
    std::future<QByteArray> m_made;
    std::size_t m_pause = 0;                                   ///< bodies passed over until the next try
    std::size_t m_tries = 0;
};

} // namespace gateway::storage

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/cached_answer.h"
#include "gateway/core/error.h"
#include "gateway/storage/body_codec.h"
#include "gateway/storage/statement.h"

#include <functional>
#include <memory>
#include <unordered_map>

namespace gateway::storage {

class Database;

/// The rows of `cache.db`. On the thread of its Database, and destroyed before it.
class AnswerRows
{
public:
    /// @param hasher  the installation's; both outlive it
    AnswerRows(Database &database, const KeyHasher &hasher) : m_database(database), m_hasher(hasher) {}

    /// What is to be changed: null removes.
    using Changes = std::unordered_map<AnswerKey, SharedAnswer, AnswerKeyHash>;
    /// In one transaction.
    Result<> write(const Changes &changes);
    Result<> removeAll();

    struct ReadCount
    {
        std::uint64_t read = 0;
        std::uint64_t damaged = 0; ///< rows that are not as they were written: passed over, and removed
    };
    /// Removes what has expired, and gives the rest, those stored first first.
    /// @param take  false ends the reading
    Result<ReadCount> read(WallTime now, const std::function<bool(const AnswerKey &, SharedAnswer)> &take);

private:
    [[nodiscard]] KeyHasher::Digest proofOf(const QByteArray &key, std::int64_t storedUs, std::int64_t expiresUs, const std::string &about, const QByteArray &body) const;
    Result<> put(Statement &insert, const AnswerKey &key, const CachedAnswer &answer);
    Result<> removeRows(const std::vector<std::int64_t> &rows);

    Database &m_database;
    const KeyHasher &m_hasher;
    BodyCodec m_codec;
};

} // namespace gateway::storage

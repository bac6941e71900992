// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/body_codec.h"
#include "gateway/storage/statement.h"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>

struct sqlite3;

namespace gateway::storage {

class ReaderSession;

/// The words of calls that the full-text index does not have yet: in memory, tokenised and asked as there. Query thread.
class FreshTexts
{
public:
    explicit FreshTexts(ReaderSession &session);
    ~FreshTexts();

    /// Reads the call's bodies the first time. Of more calls than a question may wait for, none has any words: the index will.
    Result<bool> has(const std::string &expression, std::int64_t row);
    void beginQuestion() { m_readNow = 0; }

private:
    struct Close
    {
        void operator()(sqlite3 *connection) const;
    };
    Result<> begin();
    Result<> take(std::int64_t row);

    ReaderSession &m_session;
    BodyCodec m_codec;
    std::unique_ptr<sqlite3, Close> m_connection;
    std::optional<Statement> m_insert, m_look;
    std::unordered_set<std::int64_t> m_taken;
    int m_readNow = 0;
};

} // namespace gateway::storage

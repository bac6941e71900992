// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_record.h"
#include "gateway/storage/body_codec.h"
#include "gateway/storage/database.h"

#include <array>

namespace gateway::storage {

/// Packs the bodies of calls by dictionaries, which it makes of the first ones there are, and anew after some weeks: what bodies
/// have in common changes. Writer's thread.
class BodyPacker
{
public:
    explicit BodyPacker(Database &database) : m_database(database) {}

    /// Takes up what dictionaries are stored, and stores new ones, within the caller's transaction.
    Result<> prepare();
    /// After a rollback: a dictionary stored in it is not there.
    void forget() { m_known = false; }

    /// @param of  whose body it is
    QByteArray packed(std::string_view body, BodyKind kind, const CallRecord &of);
    [[nodiscard]] BodyCodec &codec() { return m_codec; }

private:
    struct Kind
    {
        bool wanted = true;              ///< there is none, or it is old
        std::int64_t madeUs = 0;
        DictionaryMaker maker {};
    };
    Result<> load();
    Result<> store(BodyKind kind, const QByteArray &dictionary);
    Kind &of(BodyKind kind) { return m_kinds[static_cast<std::size_t>(kind) - 1]; }

    Database &m_database;
    BodyCodec m_codec;
    std::array<Kind, bodyKindCount> m_kinds {};
    std::int64_t m_latestUs = 0; ///< start of the latest call
    bool m_known = false;        ///< what is used is what is stored
};

} // namespace gateway::storage

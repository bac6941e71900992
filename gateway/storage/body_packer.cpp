// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/body_packer.h"

#include <algorithm>
#include <chrono>

namespace gateway::storage {

namespace {

constexpr std::int64_t usedForUs = std::chrono::microseconds(std::chrono::days(30)).count();
constexpr std::array kinds {BodyKind::Request, BodyKind::Answer, BodyKind::Sent, BodyKind::Received};
static_assert(kinds.size() == bodyKindCount);

} // namespace

Result<> BodyPacker::prepare()
{
    if (!m_known) {
        if (auto loaded = load(); !loaded)
            return loaded;
    }
    for (const BodyKind kind : kinds) {
        const auto made = of(kind).maker.take();
        if (!made || made->isEmpty())
            continue;
        if (auto stored = store(kind, *made); !stored)
            return stored;
    }
    return {};
}

/// Of each kind the latest.
Result<> BodyPacker::load()
{
    auto rows = m_database.prepare("SELECT kind, max(id), made_us, bytes FROM dictionaries GROUP BY kind"); // the row that max() found
    if (!rows)
        return std::unexpected(rows.error());
    if (auto asked = rows->run(); !asked)
        return asked;
    for (const BodyKind kind : kinds) {
        of(kind).wanted = true;
        of(kind).madeUs = 0;
        m_codec.use(kind, 0, {});
    }
    while (rows->next()) {
        const std::int64_t number = rows->integer(0);
        if (number < 1 || number > static_cast<std::int64_t>(bodyKindCount))
            continue; // of a newer version
        const auto kind = static_cast<BodyKind>(number);
        of(kind).wanted = false;
        of(kind).madeUs = rows->integer(2);
        m_codec.use(kind, rows->integer(1), rows->blob(3));
    }
    m_known = true;
    return rows->failure();
}

Result<> BodyPacker::store(BodyKind kind, const QByteArray &dictionary)
{
    auto insert = m_database.prepare("INSERT INTO dictionaries (kind, made_us, bytes) VALUES (?, ?, ?) RETURNING id");
    if (!insert)
        return std::unexpected(insert.error());
    if (auto done = insert->bind(static_cast<std::int64_t>(kind)).bind(m_latestUs).bindBlob(dictionary).run(); !done)
        return done;
    if (!insert->next())
        return fail(ErrorCode::Internal, "The call log lost a dictionary that it had just stored.");
    m_codec.use(kind, insert->integer(0), dictionary);
    of(kind).wanted = false;
    of(kind).madeUs = m_latestUs;
    return {};
}

QByteArray BodyPacker::packed(std::string_view body, BodyKind kind, const CallRecord &call)
{
    const std::int64_t started = call.startedAt.time_since_epoch().count();
    m_latestUs = std::max(m_latestUs, started);
    Kind &packing = of(kind);
    if (packing.wanted || started - packing.madeUs > usedForUs)
        packing.maker.offer(body, call.keyId, call.session, started);
    return m_codec.packed(body, kind);
}

} // namespace gateway::storage

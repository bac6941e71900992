// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/answer_rows.h"

#include "gateway/storage/database.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

namespace gateway::storage {

namespace {

using nlohmann::json;

std::int64_t micros(WallTime time)
{
    return time.time_since_epoch().count();
}

WallTime momentOf(std::int64_t us)
{
    return WallTime(std::chrono::microseconds(us));
}

QByteArray bytesOfKey(const AnswerKey &key)
{
    return QByteArray(reinterpret_cast<const char *>(key.data()), static_cast<qsizetype>(key.size()));
}

json questionJson(const KeptQuestion &question)
{
    const QByteArray vector(reinterpret_cast<const char *>(question.vector.data()), static_cast<qsizetype>(question.vector.size() * sizeof(float)));
    return {{"text", question.text}, {"conversation", bytesOfKey(question.conversation).toHex().toStdString()}, {"embedder", question.embedder}, {"vector", vector.toBase64().toStdString()}};
}

KeptQuestion readQuestion(const json &kept)
{
    KeptQuestion question {.text = kept.at("text").get<std::string>(), .embedder = kept.at("embedder").get<std::string>(), .vector = {}};
    const QByteArray key = QByteArray::fromHex(QByteArray::fromStdString(kept.at("conversation").get<std::string>()));
    std::memcpy(question.conversation.data(), key.constData(), std::min(question.conversation.size(), static_cast<std::size_t>(key.size())));
    const QByteArray vector = QByteArray::fromBase64(QByteArray::fromStdString(kept.at("vector").get<std::string>()));
    question.vector.resize(static_cast<std::size_t>(vector.size()) / sizeof(float));
    std::memcpy(question.vector.data(), vector.constData(), question.vector.size() * sizeof(float));
    return question;
}

/// Everything of an answer but its key, times and body.
std::string aboutText(const CachedAnswer &answer)
{
    const TokenUsage &usage = answer.usage;
    json about {{"stream", answer.stream},
                {"usage_chunk", {answer.usageFrom, answer.usageTo}},
                {"content_type", answer.contentType},
                {"endpoint", toText(answer.endpoint)},
                {"namespace", answer.nameSpace},
                {"team", answer.team},
                {"route", answer.route},
                {"provider", answer.provider},
                {"model", answer.model},
                {"call", answer.callId},
                {"latency_us", answer.latencyUs},
                {"usage", {usage.input, usage.output, usage.cachedInput, usage.cacheWrite, usage.cacheWrite1h, usage.reasoning, usage.audioInput, usage.cachedAudio, usage.audioOutput}},
                {"estimated", usage.estimated}};
    if (answer.cost)
        about["cost_nanos"] = answer.cost->nanos();
    if (answer.question)
        about["question"] = questionJson(*answer.question);
    return about.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// @return false: the text is not what aboutText() writes
bool readAbout(const std::string &text, CachedAnswer &out)
{
    const json about = json::parse(text, nullptr, false);
    if (!about.is_object())
        return false;
    try {
        out.stream = about.at("stream").get<bool>();
        out.usageFrom = about.at("usage_chunk").at(0).get<std::uint32_t>();
        out.usageTo = about.at("usage_chunk").at(1).get<std::uint32_t>();
        out.contentType = about.at("content_type").get<std::string>();
        const auto endpoint = endpointOf(about.at("endpoint").get<std::string>());
        out.endpoint = endpoint.value_or(Endpoint::Other);
        out.nameSpace = about.at("namespace").get<std::string>();
        out.team = about.at("team").get<std::string>();
        out.route = about.at("route").get<std::string>();
        out.provider = about.at("provider").get<std::string>();
        out.model = about.at("model").get<std::string>();
        out.callId = about.at("call").get<std::string>();
        out.latencyUs = about.at("latency_us").get<std::int64_t>();
        const json &usage = about.at("usage");
        std::size_t place = 0;
        for (const auto count : {&TokenUsage::input, &TokenUsage::output, &TokenUsage::cachedInput, &TokenUsage::cacheWrite, &TokenUsage::cacheWrite1h, &TokenUsage::reasoning,
                                 &TokenUsage::audioInput, &TokenUsage::cachedAudio, &TokenUsage::audioOutput})
            out.usage.*count = usage.at(place++).get<std::int64_t>();
        out.usage.estimated = about.at("estimated").get<bool>();
        if (about.contains("cost_nanos"))
            out.cost = Money::fromNanos(about.at("cost_nanos").get<std::int64_t>());
        if (about.contains("question"))
            out.question = readQuestion(about.at("question"));
        return endpoint.has_value();
    } catch (const json::exception &) { // a member of another type, or none
        return false;
    }
}

} // namespace

KeyHasher::Digest AnswerRows::proofOf(const QByteArray &key, std::int64_t storedUs, std::int64_t expiresUs, const std::string &about, const QByteArray &body) const
{
    std::string all = "cache row 1:" + std::to_string(storedUs) + ":" + std::to_string(expiresUs) + ":" + std::to_string(about.size()) + ":" + std::to_string(key.size()) + ":";
    all.append(key.constData(), static_cast<std::size_t>(key.size())).append(about).append(body.constData(), static_cast<std::size_t>(body.size()));
    return m_hasher.hash(all);
}

Result<> AnswerRows::put(Statement &insert, const AnswerKey &key, const CachedAnswer &answer)
{
    const QByteArray keyBytes = bytesOfKey(key), body = m_codec.packed(answer.body);
    const std::string about = aboutText(answer);
    const KeyHasher::Digest proof = proofOf(keyBytes, micros(answer.storedAt), micros(answer.expiresAt), about, body);
    insert.bindBlob(keyBytes).bind(micros(answer.storedAt)).bind(micros(answer.expiresAt)).bind(about).bindBlobOrNull(body).bindBlob(bytesOfKey(proof));
    return insert.run();
}

Result<> AnswerRows::write(const Changes &changes)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return std::unexpected(transaction.error());
    auto insert = m_database.prepare("INSERT OR REPLACE INTO answers (key, stored_us, expires_us, about, body, proof) VALUES (?, ?, ?, ?, ?, ?)");
    auto remove = m_database.prepare("DELETE FROM answers WHERE key = ?");
    if (!insert || !remove)
        return std::unexpected(insert ? remove.error() : insert.error());
    for (const auto &[key, answer] : changes) {
        const Result<> done = answer ? put(*insert, key, *answer) : remove->bindBlob(bytesOfKey(key)).run();
        if (!done)
            return done;
    }
    return transaction->commit();
}

Result<> AnswerRows::removeAll()
{
    return m_database.run("DELETE FROM answers");
}

Result<AnswerRows::ReadCount> AnswerRows::read(WallTime now, const std::function<bool(const AnswerKey &, SharedAnswer)> &take)
{
    auto expired = m_database.prepare("DELETE FROM answers WHERE expires_us <= ?");
    if (!expired)
        return std::unexpected(expired.error());
    if (auto removed = expired->bind(micros(now)).run(); !removed)
        return std::unexpected(removed.error());
    ReadCount count;
    std::vector<std::int64_t> damaged;
    {
        auto rows = m_database.prepare("SELECT row, key, stored_us, expires_us, about, body, proof FROM answers ORDER BY row");
        if (!rows)
            return std::unexpected(rows.error());
        if (auto asked = rows->run(); !asked)
            return std::unexpected(asked.error());
        while (rows->next()) {
            const QByteArray keyBytes = rows->blob(1), packed = rows->blob(5), proof = rows->blob(6);
            const std::string about = rows->text(4);
            AnswerKey key;
            CachedAnswer answer;
            answer.storedAt = momentOf(rows->integer(2));
            answer.expiresAt = momentOf(rows->integer(3));
            auto body = m_codec.unpacked(packed);
            const bool good = keyBytes.size() == static_cast<qsizetype>(key.size()) && proof == bytesOfKey(proofOf(keyBytes, rows->integer(2), rows->integer(3), about, packed)) && body
                && readAbout(about, answer);
            if (!good) {
                damaged.push_back(rows->integer(0));
                continue;
            }
            std::memcpy(key.data(), keyBytes.constData(), key.size());
            answer.body = std::move(*body);
            ++count.read;
            if (!take(key, std::make_shared<const CachedAnswer>(std::move(answer))))
                break;
        }
        if (auto failed = rows->failure(); !failed)
            return std::unexpected(failed.error());
    }
    count.damaged = damaged.size();
    if (auto removed = removeRows(damaged); !removed)
        return std::unexpected(removed.error());
    return count;
}

Result<> AnswerRows::removeRows(const std::vector<std::int64_t> &rows)
{
    if (rows.empty())
        return {};
    auto remove = m_database.prepare("DELETE FROM answers WHERE row = ?");
    if (!remove)
        return std::unexpected(remove.error());
    for (const std::int64_t row : rows) {
        if (auto removed = remove->bind(row).run(); !removed)
            return removed;
    }
    return {};
}

} // namespace gateway::storage

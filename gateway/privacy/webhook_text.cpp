// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/webhook_text.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_writer.h"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <array>
#include <chrono>
#include <fmt/format.h>
#include <span>

namespace gateway::privacy {

std::string webhookRequest(const Judged &judged)
{
    std::string body;
    wire::JsonWriter json(body);
    json.object().textMember("about", judged.about).textMember("call_id", judged.callId).textMember("policy", judged.policy).textMember("guardrail", judged.guardrail);
    json.textMember("endpoint", judged.endpoint).textMember("model", judged.model).textMember("key", judged.key).textMember("team", judged.team);
    json.array("texts");
    for (const std::string &text : judged.texts)
        json.text(text);
    json.endArray().endObject();
    return body;
}

std::string webhookSecretText(std::string_view url)
{
    return fmt::format("signalbox webhook\n{}", url);
}

std::string webhookSecret(const KeyHasher &hasher, std::string_view url)
{
    return hasher.hashHex(webhookSecretText(url));
}

std::string webhookSignature(std::string_view secret, WallTime at, std::string_view body)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
    const std::string signedText = fmt::format("{}.{}", seconds, body);
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> digest {};
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char *>(secret.data()), secret.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char *>(signedText.data()), signedText.size());
    crypto_auth_hmacsha256_final(&state, digest.data());
    return fmt::format("t={},v1={}", seconds, toHex(std::as_bytes(std::span(digest))));
}

Result<WebhookVerdict> readWebhookAnswer(std::string_view answer)
{
    constexpr std::size_t longestReason = 200;
    const auto read = nlohmann::json::parse(answer, nullptr, false);
    const auto verdict = read.is_object() ? read.find("verdict") : read.end();
    if (!read.is_object() || verdict == read.end() || (*verdict != "allow" && *verdict != "block"))
        return fail(ErrorCode::Malformed, "it answered with something else than a verdict of \"allow\" or \"block\".");
    WebhookVerdict out {.allows = *verdict == "allow"};
    if (const auto reason = read.find("reason"); reason != read.end() && reason->is_string()) {
        out.reason = truncatedUtf8(toValidUtf8(reason->get<std::string>()), longestReason);
        for (char &c : out.reason) {
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
                c = ' ';
        }
    }
    return out;
}

} // namespace gateway::privacy

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/alerts/mail_text.h"

#include "gateway/core/text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sodium.h>

namespace gateway::alerts {

namespace {

constexpr std::size_t longestLine = 76; // of base64, RFC 2045 6.8

std::string base64(std::string_view bytes)
{
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    out.pop_back(); // its end mark
    return out;
}

std::string base64Lines(std::string_view bytes)
{
    const std::string whole = base64(bytes);
    std::string lines;
    lines.reserve(whole.size() + whole.size() / longestLine * 2 + 2);
    for (std::size_t i = 0; i < whole.size(); i += longestLine)
        lines.append(whole, i, longestLine).append("\r\n");
    return lines;
}

/// RFC 2047: words of at most 75 characters, each of whole characters.
std::string encodedHeader(std::string_view text)
{
    constexpr std::size_t bytesAWord = 42;
    std::string out;
    while (!text.empty()) {
        std::string_view part = truncatedUtf8(text, bytesAWord);
        if (part.empty())
            part = text.substr(0, 1);
        out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", base64(part));
        text.remove_prefix(part.size());
    }
    return out;
}

std::string wordsPart(const Mail &mail)
{
    return fmt::format("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n{}\r\n{}", mail.attachments.empty() ? "Auto-Submitted: auto-generated\r\n" : "", base64Lines(mail.words));
}

} // namespace

std::string mailText(const Mail &mail)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(mail.at);
    std::string text = fmt::format("From: Signalbox <{}>\r\nTo: <{}>\r\nSubject: {}\r\nDate: {:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <{}@{}>\r\nMIME-Version: 1.0\r\n", mail.from, mail.to, encodedHeader(mail.subject),
                                   fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), mail.id, mail.from.substr(mail.from.find('@') + 1));
    if (mail.attachments.empty())
        return text + wordsPart(mail);
    // No line of base64 begins with a dash: the boundary occurs nowhere else.
    constexpr std::string_view boundary = "=_signalbox_part";
    text += fmt::format("Content-Type: multipart/mixed; boundary=\"{0}\"\r\nAuto-Submitted: auto-generated\r\n\r\n--{0}\r\n{1}", boundary, wordsPart(mail));
    for (const Mail::Attachment &attachment : mail.attachments)
        text += fmt::format("--{}\r\nContent-Type: {}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"{}\"\r\n\r\n{}", boundary, attachment.type, attachment.name, base64Lines(attachment.bytes));
    return text + fmt::format("--{}--\r\n", boundary);
}

} // namespace gateway::alerts

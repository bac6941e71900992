// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <string>
#include <vector>

namespace gateway::alerts {

/// An e-mail of Signalbox's own: alerts and reports.
struct Mail
{
    struct Attachment
    {
        std::string name;                ///< "report.html"; ASCII letters, digits, "-", "_" and "." alone
        std::string type;                ///< "text/html; charset=utf-8"
        std::string bytes;
    };
    std::string from, to;                ///< addresses
    std::string subject;
    std::string words;                   ///< its text, UTF-8
    WallTime at {};
    std::string id;                      ///< tells it apart from others; becomes a part of Message-ID, and so has no "@", "<" or ">"
    std::vector<Attachment> attachments {};
};

/// As it goes over the wire, with CRLF line ends (RFC 5322, 2045, 2047), base64 within.
[[nodiscard]] std::string mailText(const Mail &mail);

} // namespace gateway::alerts

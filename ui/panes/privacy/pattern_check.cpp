// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/pattern_check.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <re2/re2.h>
#include <string>
#include <string_view>
#include <vector>

namespace ui::privacy {

namespace {

QString tr(const char *text) { return QCoreApplication::translate("ui::privacy", text); }

RE2::Options options()
{
    RE2::Options out;
    out.set_log_errors(false);
    out.set_max_mem(4 << 20); // as the gateway's
    return out;
}

QString words(RE2::ErrorCode code)
{
    switch (code) {
    case RE2::ErrorBadEscape: return tr("There is no such escape");
    case RE2::ErrorBadCharClass:
    case RE2::ErrorBadCharRange: return tr("This range of letters is none");
    case RE2::ErrorMissingBracket: return tr("A ] is missing");
    case RE2::ErrorMissingParen: return tr("A ) is missing");
    case RE2::ErrorUnexpectedParen: return tr("This ) closes nothing");
    case RE2::ErrorTrailingBackslash: return tr("A letter is missing behind the last \\");
    case RE2::ErrorRepeatArgument: return tr("There is nothing here to repeat");
    case RE2::ErrorRepeatSize: return tr("That is too often");
    case RE2::ErrorRepeatOp: return tr("Two repeats stand side by side");
    case RE2::ErrorBadPerlOp: return tr("RE2 does not have this: it runs in linear time, without looking ahead or back");
    case RE2::ErrorBadUTF8: return tr("This is no text");
    case RE2::ErrorBadNamedCapture: return tr("A group cannot be named so");
    case RE2::ErrorPatternTooLarge: return tr("The pattern would take too much memory");
    case RE2::NoError:
    case RE2::ErrorInternal: break;
    }
    return tr("This is no regular expression");
}

/// The last ( that is not closed, or the first ) that closes nothing, in bytes.
std::size_t oddParenthesis(std::string_view pattern, bool closing)
{
    std::vector<std::size_t> open;
    bool inClass = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\') {
            ++i;
        } else if (inClass) {
            inClass = pattern[i] != ']';
        } else if (pattern[i] == '[') {
            inClass = true;
            if (pattern.substr(i + 1).starts_with("^"))
                ++i;
            if (pattern.substr(i + 1).starts_with("]"))
                ++i; // the first one is a letter
        } else if (pattern[i] == '(') {
            open.push_back(i);
        } else if (pattern[i] == ')') {
            if (open.empty() && closing)
                return i;
            if (!open.empty())
                open.pop_back();
        }
    }
    return open.empty() ? pattern.size() : open.back();
}

/// Where the piece that RE2 names stands: the first place up to which the pattern fails in the same way.
std::size_t placeOf(const std::string &pattern, const std::string &piece, RE2::ErrorCode code)
{
    for (std::size_t at = pattern.find(piece); at != std::string::npos; at = pattern.find(piece, at + 1)) {
        if (RE2(pattern.substr(0, at + piece.size()), options()).error_code() == code)
            return at;
    }
    return pattern.find(piece);
}

} // namespace

std::optional<PatternProblem> checkPattern(const QString &pattern)
{
    const std::string text = bridge::utf8(pattern);
    const RE2 compiled(text, options());
    if (compiled.ok())
        return std::nullopt;
    const RE2::ErrorCode code = compiled.error_code();
    std::size_t from = 0, size = 0;
    if (code == RE2::ErrorMissingParen || code == RE2::ErrorUnexpectedParen) {
        from = oddParenthesis(text, code == RE2::ErrorUnexpectedParen);
        size = from < text.size() ? 1 : 0;
    } else if (const std::string &piece = compiled.error_arg(); !piece.empty() && text.find(piece) != std::string::npos) {
        from = placeOf(text, piece, code);
        size = piece.size();
    }
    const QString before = bridge::qt(std::string_view(text).substr(0, from));
    return PatternProblem {words(code), static_cast<int>(before.size()), static_cast<int>(bridge::qt(std::string_view(text).substr(from, size)).size())};
}

} // namespace ui::privacy

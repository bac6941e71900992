// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_diff.h"

#include "gateway/core/text_diff.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/panes/calls/call_sides.h"
#include "ui/panes/calls/chat_messages.h"
#include "ui/widgets/format.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::CallRecord;
using gateway::DiffLine;
using Kind = SideRow::Kind;
using nlohmann::json;

constexpr std::size_t shownAlike = 2;    ///< lines that are alike, on either side of what differs
constexpr qsizetype mostRows = 3'000;
constexpr std::size_t longestLine = 20'000; ///< bytes whose words are told apart
constexpr int deepest = 64;

/// Members of a body that are its messages: shown as such.
constexpr std::array messageMembers {"messages", "contents", "input", "prompt", "system", "instructions", "systemInstruction", "system_instruction"};

QString tr(const char *text) { return QCoreApplication::translate("calls", text); }

std::optional<json> parsed(const std::string &body)
{
    bool tooDeep = false;
    auto value = json::parse(body, [&tooDeep](int depth, json::parse_event_t, json &) { return !(tooDeep = tooDeep || depth > deepest); }, false);
    return value.is_discarded() || tooDeep ? std::nullopt : std::optional(std::move(value));
}

/// A line for each value, so that one that changed stands alone.
std::string spread(const std::string &body)
{
    const auto value = parsed(body);
    return value ? value->dump(2, ' ', false, json::error_handler_t::replace) : body;
}

SideRow heading(const QString &words) { return {.kind = Kind::Heading, .words = words}; }

SideRow folded(qsizetype count, const char *one, const char *many)
{
    return {.kind = Kind::Folded, .words = count == 1 ? tr(one) : tr(many).arg(count)};
}

SideRow foldedLines(qsizetype lines) { return folded(lines, QT_TRANSLATE_NOOP("calls", "1 line alike"), QT_TRANSLATE_NOOP("calls", "%1 lines alike")); }

/// A line that went and one that came in its place, by their words.
SideRow changedRow(const std::string &left, const std::string &right)
{
    SideRow row;
    if (left.size() > longestLine || right.size() > longestLine) {
        row.left = {{qt(left), true}};
        row.right = {{qt(right), true}};
        return row;
    }
    for (const DiffLine &stretch : gateway::diffWords(left, right)) {
        if (stretch.kind != DiffLine::Kind::Added)
            row.left.append({qt(stretch.text), stretch.kind == DiffLine::Kind::Removed});
        if (stretch.kind != DiffLine::Kind::Removed)
            row.right.append({qt(stretch.text), stretch.kind == DiffLine::Kind::Added});
    }
    return row;
}

SideRow equalRow(const std::string &text) { return {.left = {{qt(text), false}}, .right = {{qt(text), false}}}; }

SideRow loneRow(const std::string &text, bool onLeft)
{
    SideRow row {.onLeft = onLeft, .onRight = !onLeft};
    (onLeft ? row.left : row.right) = {{qt(text), true}};
    return row;
}

/// What went, with what came in its place beside it: one by one.
template <typename Pair, typename Lone>
void pairUp(std::span<const DiffLine *const> went, std::span<const DiffLine *const> came, Pair pair, Lone lone)
{
    const std::size_t both = std::min(went.size(), came.size());
    for (std::size_t i = 0; i < both; ++i)
        pair(*went[i], *came[i]);
    for (const DiffLine *each : went.subspan(both))
        lone(*each, true);
    for (const DiffLine *each : came.subspan(both))
        lone(*each, false);
}

/// Goes through parts of which some are equal: `equal` for each of these, `changed` for all that stand between two of them.
template <typename Equal, typename Changed>
void walk(const std::vector<DiffLine> &parts, Equal equal, Changed changed)
{
    std::vector<const DiffLine *> went, came;
    const auto flush = [&] {
        if (!went.empty() || !came.empty())
            changed(std::exchange(went, {}), std::exchange(came, {}));
    };
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].kind == DiffLine::Kind::Equal) {
            flush();
            equal(i);
        } else {
            (parts[i].kind == DiffLine::Kind::Removed ? went : came).push_back(&parts[i]);
        }
    }
    flush();
}

void addText(QList<SideRow> &rows, const std::string &left, const std::string &right)
{
    const std::vector<DiffLine> lines = gateway::diffLines(left, right);
    const std::vector<bool> shown = gateway::nearChanges(lines, shownAlike);
    qsizetype hidden = 0;
    const auto unfold = [&] {
        if (hidden > 0)
            rows << foldedLines(std::exchange(hidden, 0));
    };
    walk(
        lines,
        [&](std::size_t i) {
            if (!shown[i]) {
                ++hidden;
                return;
            }
            unfold();
            rows << equalRow(lines[i].text);
        },
        [&](const std::vector<const DiffLine *> &went, const std::vector<const DiffLine *> &came) {
            unfold();
            pairUp(went, came, [&](const DiffLine &a, const DiffLine &b) { rows << changedRow(a.text, b.text); }, [&](const DiffLine &line, bool onLeft) { rows << loneRow(line.text, onLeft); });
        });
    unfold();
}

/// A message as text, its role in the first line.
std::string textOf(const ChatMessage &message)
{
    QString text = message.role + u'\n' + message.text;
    if (!message.thinking.isEmpty())
        text += u"\n"_s + tr(QT_TRANSLATE_NOOP("calls", "(thinking)")) + u'\n' + message.thinking;
    for (const ChatMessage::ToolCall &tool : message.tools)
        text += u'\n' + tr(QT_TRANSLATE_NOOP("calls", "(calls %1)")).arg(tool.name) + u'\n' + qt(spread(bridge::utf8(tool.arguments)));
    if (!message.note.isEmpty())
        text += u"\n("_s + message.note + u')';
    return bridge::utf8(text);
}

std::pair<QString, std::string> roleAndText(const std::string &message)
{
    const std::size_t end = message.find('\n');
    return {qt(std::string_view(message).substr(0, end)), message.substr(end + 1)};
}

void addLone(QList<SideRow> &rows, const std::string &message, bool onLeft)
{
    const auto [role, text] = roleAndText(message);
    rows << heading(onLeft ? tr(QT_TRANSLATE_NOOP("calls", "%1, in the first alone")).arg(role) : tr(QT_TRANSLATE_NOOP("calls", "%1, in the second alone")).arg(role));
    for (const DiffLine &line : gateway::diffLines(text, {}))
        rows << loneRow(line.text, onLeft);
}

void addPair(QList<SideRow> &rows, const std::string &left, const std::string &right)
{
    const auto [role, text] = roleAndText(left);
    const auto [otherRole, otherText] = roleAndText(right);
    rows << heading(role == otherRole ? role : role + u" → "_s + otherRole);
    addText(rows, text, otherText);
}

/// Messages in their order: those that are alike are folded, of others the lines and words are told.
void addMessages(QList<SideRow> &rows, const QList<ChatMessage> &left, const QList<ChatMessage> &right)
{
    std::vector<std::string> texts;
    texts.reserve(std::size_t(left.size() + right.size())); // views into it are kept
    std::vector<std::string_view> before, after;
    for (const ChatMessage &message : left)
        before.emplace_back(texts.emplace_back(textOf(message)));
    for (const ChatMessage &message : right)
        after.emplace_back(texts.emplace_back(textOf(message)));
    const std::vector<DiffLine> parts = gateway::diffParts(before, after);
    if (std::ranges::all_of(parts, [](const DiffLine &part) { return part.kind == DiffLine::Kind::Equal; }))
        return;
    qsizetype alike = 0;
    const auto unfold = [&] {
        if (alike > 0)
            rows << folded(std::exchange(alike, 0), QT_TRANSLATE_NOOP("calls", "1 message alike"), QT_TRANSLATE_NOOP("calls", "%1 messages alike"));
    };
    walk(
        parts, [&](std::size_t) { ++alike; },
        [&](const std::vector<const DiffLine *> &went, const std::vector<const DiffLine *> &came) {
            unfold();
            pairUp(went, came, [&](const DiffLine &a, const DiffLine &b) { addPair(rows, a.text, b.text); }, [&](const DiffLine &message, bool onLeft) { addLone(rows, message.text, onLeft); });
        });
    unfold();
}

/// All that a body says beside its messages.
std::string parametersOf(const std::string &body)
{
    auto value = parsed(body);
    if (!value || !value->is_object())
        return {};
    for (const char *member : messageMembers)
        value->erase(member);
    return value->dump(2, ' ', false, json::error_handler_t::replace);
}

QList<SideRow> bounded(QList<SideRow> rows)
{
    if (rows.size() <= mostRows)
        return rows;
    const qsizetype left = rows.size() - mostRows;
    rows.resize(mostRows);
    rows << SideRow {.kind = Kind::Folded, .words = tr(QT_TRANSLATE_NOOP("calls", "%1 further lines that differ are not shown")).arg(left)};
    return rows;
}

QString signedShare(double left, double right)
{
    if (left <= 0)
        return {};
    const double percent = (right - left) / left * 100;
    return u" (%1%2 %)"_s.arg(percent < 0 ? u"−"_s : u"+"_s, QString::number(std::abs(percent), 'f', std::abs(percent) < 10 ? 1 : 0));
}

/// Two numbers and what lies between them. Negative: there is none.
FigurePair amounts(const char *name, std::int64_t left, std::int64_t right, QString (*shown)(std::int64_t))
{
    const auto text = [shown](std::int64_t value) { return value < 0 ? widgets::unknownText() : shown(value); };
    FigurePair pair {tr(name), text(left), text(right), {}, left != right};
    if (pair.differs && left >= 0 && right >= 0)
        pair.difference = (right < left ? u"−"_s : u"+"_s) + shown(std::abs(right - left)) + signedShare(double(left), double(right));
    return pair;
}

FigurePair words(const char *name, const QString &left, const QString &right)
{
    const auto orUnknown = [](const QString &text) { return text.isEmpty() ? widgets::unknownText() : text; };
    return {tr(name), orUnknown(left), orUnknown(right), {}, left != right};
}

} // namespace

QList<FigurePair> figurePairs(const CallRecord &left, const CallRecord &right)
{
    const auto time = [](std::int64_t us) { return widgets::latency(us); };
    const auto count = [](std::int64_t number) { return widgets::count(std::uint64_t(number)); };
    const auto dollars = [](std::int64_t nanos) { return widgets::money(gateway::Money::fromNanos(nanos)); };
    const auto nanos = [](const CallRecord &record) { return record.cost ? record.cost->nanos() : -1; };
    const auto asked = [](const CallRecord &record, const std::string &text) { return qt(text.empty() ? record.askedModel : text); };
    return {words(QT_TRANSLATE_NOOP("calls", "Route"), asked(left, left.route), asked(right, right.route)),
        words(QT_TRANSLATE_NOOP("calls", "Model"), qt(left.model), qt(right.model)),
        words(QT_TRANSLATE_NOOP("calls", "Provider"), qt(left.provider), qt(right.provider)),
        words(QT_TRANSLATE_NOOP("calls", "Status"), statusWords(left), statusWords(right)),
        words(QT_TRANSLATE_NOOP("calls", "Error"), qt(left.errorMessage), qt(right.errorMessage)),
        amounts(QT_TRANSLATE_NOOP("calls", "Cost"), nanos(left), nanos(right), dollars),
        amounts(QT_TRANSLATE_NOOP("calls", "Latency"), left.latencyUs, right.latencyUs, time),
        amounts(QT_TRANSLATE_NOOP("calls", "TTFT"), left.firstByteUs, right.firstByteUs, time),
        amounts(QT_TRANSLATE_NOOP("calls", "Input tokens"), left.usage.input, right.usage.input, count),
        amounts(QT_TRANSLATE_NOOP("calls", "Output tokens"), left.usage.output, right.usage.output, count),
        amounts(QT_TRANSLATE_NOOP("calls", "Cached tokens"), left.usage.cachedInput, right.usage.cachedInput, count),
        amounts(QT_TRANSLATE_NOOP("calls", "Attempts"), std::int64_t(left.attempts.size()), std::int64_t(right.attempts.size()), count),
        words(QT_TRANSLATE_NOOP("calls", "Path"), pathWords(left), pathWords(right)),
        words(QT_TRANSLATE_NOOP("calls", "Cache"), qt(gateway::toText(left.cache)), qt(gateway::toText(right.cache))),
        words(QT_TRANSLATE_NOOP("calls", "Prompt"), qt(left.prompt), qt(right.prompt)),
        words(QT_TRANSLATE_NOOP("calls", "Key"), qt(left.key), qt(right.key)),
        words(QT_TRANSLATE_NOOP("calls", "Format"), formatOf(left, CallSide::Program), formatOf(right, CallSide::Program))};
}

QList<SideRow> textRows(const std::string &left, const std::string &right)
{
    QList<SideRow> rows;
    if (left != right)
        addText(rows, left, right);
    return bounded(std::move(rows));
}

QList<SideRow> requestRows(const CallRecord &left, const CallRecord &right)
{
    const std::string &one = left.bodies.request, &other = right.bodies.request;
    if (one == other)
        return {};
    const QList<ChatMessage> before = requestMessages(left.endpoint, one), after = requestMessages(right.endpoint, other);
    if (before.isEmpty() || after.isEmpty())
        return textRows(spread(one), spread(other));
    QList<SideRow> rows;
    const std::string parameters = parametersOf(one), otherParameters = parametersOf(other);
    if (parameters != otherParameters) {
        rows << heading(tr(QT_TRANSLATE_NOOP("calls", "Parameters")));
        addText(rows, parameters, otherParameters);
    }
    addMessages(rows, before, after);
    return bounded(std::move(rows));
}

QList<SideRow> answerRows(const CallRecord &left, const CallRecord &right)
{
    const std::string &one = left.bodies.answer, &other = right.bodies.answer;
    if (one == other)
        return {};
    const QList<ChatMessage> before = answerMessages(one), after = answerMessages(other);
    if (before.isEmpty() || after.isEmpty())
        return textRows(spread(one), spread(other));
    QList<SideRow> rows;
    addMessages(rows, before, after);
    return bounded(std::move(rows));
}

} // namespace ui::calls

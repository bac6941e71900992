// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/guardrail_words.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using Kind = GuardrailKind;
using widgets::Icon;
using widgets::Role;

QString tr(const char *text) { return QCoreApplication::translate("ui::privacy", text); }

QString countOf(std::size_t number, const char *one, const char *several) { return number == 1 ? tr(one) : tr(several).arg(widgets::count(number)); }

} // namespace

QString kindTitle(Kind kind)
{
    switch (kind) {
    case Kind::MaxBytes: return tr("Largest request in bytes");
    case Kind::MaxTokens: return tr("Largest request in tokens");
    case Kind::Forbid: return tr("Forbidden patterns");
    case Kind::Require: return tr("Required patterns");
    case Kind::Injection: return tr("Prompt injection");
    case Kind::JsonSchema: return tr("JSON Schema of answers");
    case Kind::Webhook: return tr("Webhook that judges");
    }
    return {};
}

QString kindMeaning(Kind kind)
{
    switch (kind) {
    case Kind::MaxBytes: return tr("All texts of a request together may have so many bytes, as UTF-8.");
    case Kind::MaxTokens: return tr("All texts of a request together may have so many tokens, as they are estimated.");
    case Kind::Forbid: return tr("No text may match any of the patterns.");
    case Kind::Require: return tr("Some text must match each of the patterns.");
    case Kind::Injection: return tr("No text of a request may try to take the model over, as far as phrases tell.");
    case Kind::JsonSchema: return tr("Answers must be JSON that keeps to the schema.");
    case Kind::Webhook: return tr("A service of yours is asked for its verdict.");
    }
    return {};
}

QString guardrailTitle(const Guardrail &guardrail) { return qt(guardrail.shownName()); }

QString guardrailNotes(const Guardrail &guardrail)
{
    if (!guardrail.kind)
        return {};
    QStringList notes;
    const Kind kind = *guardrail.kind;
    if ((kind == Kind::Forbid || kind == Kind::Require || kind == Kind::Webhook) && guardrail.looksAtAnswers())
        notes << looksAtWord(guardrail.looksAt).toLower();
    switch (kind) {
    case Kind::MaxBytes: notes << tr("at most %1").arg(widgets::bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(guardrail.limit, 0)))); break;
    case Kind::MaxTokens: notes << tr("at most %1 tokens").arg(widgets::count(static_cast<std::uint64_t>(std::max<std::int64_t>(guardrail.limit, 0)))); break;
    case Kind::Forbid:
    case Kind::Require: notes << (guardrail.patterns.size() == 1 ? qt(guardrail.patterns.front()) : countOf(guardrail.patterns.size(), QT_TRANSLATE_NOOP("ui::privacy", "1 pattern"), QT_TRANSLATE_NOOP("ui::privacy", "%1 patterns"))); break;
    case Kind::Injection:
        if (guardrail.threshold)
            notes << tr("from %1 on").arg(QLocale().toString(*guardrail.threshold, 'f', 2));
        if (!guardrail.phrases.empty())
            notes << countOf(guardrail.phrases.size(), QT_TRANSLATE_NOOP("ui::privacy", "1 phrase of your own"), QT_TRANSLATE_NOOP("ui::privacy", "%1 phrases of your own"));
        break;
    case Kind::JsonSchema:
        if (guardrail.repair && guardrail.action == GuardrailAction::Block)
            notes << tr("asks once more");
        break;
    case Kind::Webhook: notes << qt(guardrail.url); break;
    }
    if (judgesStreams(guardrail) && guardrail.streams == StreamWay::Hold)
        notes << tr("holds streams");
    return notes.join(u" · "_s);
}

QString actionWord(GuardrailAction action) { return action == GuardrailAction::Block ? tr("Block") : tr("Report"); }

QString actionMeaning(GuardrailAction action)
{
    return action == GuardrailAction::Block ? tr("The request is refused with 400, or the answer is not let through.") : tr("The call goes on; what was found is counted.");
}

Icon actionIcon(GuardrailAction action) { return action == GuardrailAction::Block ? Icon::CircuitOpen : Icon::Eye; }

Role actionRole(GuardrailAction action) { return action == GuardrailAction::Block ? Role::Err : Role::Muted; }

QString looksAtWord(LooksAt what)
{
    switch (what) {
    case LooksAt::Request: return tr("Requests");
    case LooksAt::Answers: return tr("Answers");
    case LooksAt::Both: return tr("Requests and answers");
    }
    return {};
}

bool judgesStreams(const Guardrail &guardrail)
{
    if (guardrail.kind == Kind::JsonSchema)
        return true;
    return (guardrail.kind == Kind::Require || guardrail.kind == Kind::Webhook) && guardrail.looksAtAnswers();
}

QString trialWords(const gateway::api::GuardrailFinding &finding, bool answer)
{
    const QString name = qt(finding.guardrail), why = qt(finding.why);
    if (finding.action != GuardrailAction::Block)
        return tr("Guardrail %1 would report it: %2.").arg(name, why);
    return answer ? tr("Guardrail %1 would not let the answer through: %2.").arg(name, why) : tr("Guardrail %1 would refuse the request: %2.").arg(name, why);
}

} // namespace ui::privacy

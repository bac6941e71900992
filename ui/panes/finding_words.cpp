// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/finding_words.h"

#include "gateway/core/finding_action.h"
#include "ui/bridge/text.h"
#include "ui/panes/detector_words.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace ui::panes {

namespace {

using gateway::CallRecord;
using gateway::PrivacyFinding;

QString tr(const char *text) { return QCoreApplication::translate("ui::panes", text); }

QString placesOf(const PrivacyFinding &finding)
{
    QStringList places;
    if (finding.asked > 0)
        places << tr("%1 in the request").arg(widgets::count(finding.asked));
    if (finding.answered > 0)
        places << tr("%1 in the answer").arg(widgets::count(finding.answered));
    return places.join(u", "_s);
}

QString ruleWords(const PrivacyFinding &finding)
{
    if (finding.action == "tokenize")
        return finding.asked > 0 ? tr("placeholders went in their place, and the values came back in the answer") : tr("placeholders went in their place");
    if (finding.action == "mask")
        return tr("masked");
    if (finding.action == "hash")
        return tr("hashes went in their place");
    if (finding.action == "block")
        return finding.asked > 0 ? tr("the call was refused") : tr("the answer was not let through");
    return tr("left as it was, and counted");
}

QString guardrailWords(const PrivacyFinding &finding, const CallRecord &record)
{
    QStringList words;
    if (gateway::actionWord(finding) != "block") {
        if (finding.asked > 0)
            words << tr("had something against the request, and only reports");
        if (finding.answered > 0)
            words << tr("had something against the answer, and only reports");
    } else if (finding.asked > 0) {
        words << tr("refused the request");
    } else {
        words << (record.error == gateway::ErrorCode::BlockedByPolicy ? tr("did not let the answer through") : tr("did not let the first answer through; the model was asked again"));
    }
    return words.join(u"; "_s);
}

} // namespace

QString findingTitle(const PrivacyFinding &finding)
{
    return gateway::isGuardrails(finding) ? tr("Guardrail %1").arg(bridge::qt(finding.rule)) : detectorTitle(finding.rule);
}

QString findingWords(const PrivacyFinding &finding, const CallRecord &record)
{
    return gateway::isGuardrails(finding) ? guardrailWords(finding, record) : tr("%1: %2").arg(placesOf(finding), ruleWords(finding));
}

} // namespace ui::panes

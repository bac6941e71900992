// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/test_card.h"

#include "ui/bridge/text.h"
#include "ui/panes/providers/test_steps.h"
#include "ui/widgets/card.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace widgets;

TestCard::TestCard(gateway::api::Gateway &gateway, Consequence consequence, QWidget *parent)
    : QWidget(parent), m_gateway(gateway), m_consequence(std::move(consequence)), m_card(new Card(tr("Test"))), m_steps(new TestSteps),
      m_banner(new SectionBanner(SectionBanner::Kind::Warning)), m_again(new Button(Icon::Refresh, tr("Again")))
{
    setUpCard();
    m_banner->setObjectName(u"providers.banner"_s);
    m_replace = m_banner->addAction(Icon::Key, tr("Replace key…"));
    m_replace->setObjectName(u"providers.banner.replace"_s);
    m_banner->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    column->addWidget(m_card);
    column->addWidget(m_banner);
    connect(m_again, &QPushButton::clicked, this, [this] { Q_EMIT againWanted(m_credential); });
    connect(m_replace, &QPushButton::clicked, this, [this] { Q_EMIT replaceWanted(m_credential); });
    hide();
}

void TestCard::setUpCard()
{
    auto *copy = new CopyButton(tr("Copy details"), [this] { return m_steps->details(); });
    copy->button()->setSmall(true);
    copy->button()->setObjectName(u"providers.test.copy"_s);
    m_again->setSmall(true);
    m_again->setObjectName(u"providers.test.again"_s);
    m_card->addToHeader(copy);
    m_card->addToHeader(m_again);
    m_card->body()->addWidget(new Divider(Qt::Horizontal));
    m_card->body()->addWidget(m_steps);
}

void TestCard::forget()
{
    m_running.reset();
    hide();
}

void TestCard::run(Question question, bool mayReplaceKey)
{
    const QString name = bridge::qt(question.provider.name);
    m_credential = bridge::qt(question.credential);
    m_running = std::make_unique<QObject>(); // an older test's answers go nowhere
    m_card->setTitle(tr("Test of “%1”").arg(m_credential.isEmpty() ? name : m_credential));
    m_card->setUnit(tr("running…"));
    m_banner->hide();
    m_steps->begin();
    m_again->setEnabled(false);
    show();
    Q_EMIT started(name);
    m_gateway.testProvider(question.provider, question.credential, question.model, m_running.get(), [this](const gateway::api::ProbeStep &step) { m_steps->addStep(step); },
        [this, question, mayReplaceKey](const gateway::Result<gateway::api::ProbeReport> &report) { finish(question, mayReplaceKey, report); });
}

void TestCard::finish(const Question &question, bool mayReplaceKey, const gateway::Result<gateway::api::ProbeReport> &report)
{
    using State = gateway::api::ProbeStep::State;
    const QString name = bridge::qt(question.provider.name);
    m_again->setEnabled(true);
    if (!report) {
        m_card->setUnit(tr("not begun"));
        m_steps->finish({});
        m_banner->setKind(SectionBanner::Kind::Error);
        m_banner->setContent(tr("The test could not begin"), bridge::qt(report.error().message));
        m_replace->hide();
        m_banner->show();
        Q_EMIT ended(name, false, tr("test could not begin"));
        return;
    }
    m_card->setUnit(tr("%1, took %2").arg(timeOfDay(report->at), latency(std::optional(report->took))));
    m_steps->finish(report->steps);
    const auto failed = std::ranges::find(report->steps, State::Failed, &gateway::api::ProbeStep::state);
    const bool passed = failed == report->steps.end();
    Q_EMIT ended(name, report->ok, passed ? tr("test passed %1").arg(hourMinute(report->at)) : bridge::qt(failed->headline));
    if (passed)
        return;
    const bool key = failed->kind == gateway::api::ProbeStep::Kind::Key;
    m_banner->setKind(SectionBanner::Kind::Warning);
    m_banner->setContent(m_consequence(question, key));
    m_replace->setVisible(key && mayReplaceKey && !question.credential.empty());
    m_banner->show();
}

} // namespace ui::providers

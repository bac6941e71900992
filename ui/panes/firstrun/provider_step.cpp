// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/provider_step.h"

#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QButtonGroup>
#include <QPointer>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::firstrun {
namespace {

using bridge::qt;
using gateway::api::ProbeStep;
using widgets::Button;
using widgets::Icon;
using widgets::Role;

QString joined(const QStringList &parts)
{
    if (parts.size() < 2)
        return parts.value(0);
    return ProviderStep::tr("%1 and %2").arg(parts.mid(0, parts.size() - 1).join(u", "_s), parts.last());
}

QString titleAndPort(const gateway::api::LocalProvider &local) { return ProviderStep::tr("%1 on :%2").arg(qt(local.title)).arg(QUrl(qt(local.baseUrl)).port()); }

/// What happens after a step that went well.
QString afterStep(const ProbeStep &step, const std::string &model)
{
    switch (step.kind) {
    case ProbeStep::Kind::Dns: return ProviderStep::tr("Connecting…");
    case ProbeStep::Kind::Connect: return ProviderStep::tr("Checking the certificate…");
    case ProbeStep::Kind::Tls: return ProviderStep::tr("Showing the key…");
    case ProbeStep::Kind::Key:
    case ProbeStep::Kind::Model: break;
    }
    return model.empty() ? ProviderStep::tr("Waiting for an answer…") : ProviderStep::tr("Waiting for an answer of %1…").arg(qt(model));
}

} // namespace

ProviderStep::ProviderStep(gateway::api::Gateway &gateway, QWidget *parent)
    : StepCard(1, tr("Provider"), parent), m_gateway(gateway), m_draft(gateway), m_group(new QButtonGroup(this)), m_local(new QVBoxLayout),
      m_paste(new PasteCard(gateway.providerKinds())), m_others(new widgets::StateLabel), m_again(Button::iconOnly(Icon::Refresh, tr("Look again"), nullptr, Button::Kind::Flat))
{
    m_local->setSpacing(8);
    body()->addLayout(m_local);
    setUpOthers();
    body()->addWidget(m_paste);
    watch(m_paste);
    showConfigured();
    connect(&m_gateway, &gateway::api::Gateway::configApplied, this, &ProviderStep::showConfigured);
}

void ProviderStep::setUpOthers()
{
    m_others->setObjectName(u"firstrun.others"_s);
    m_again->setObjectName(u"firstrun.lookAgain"_s);
    m_again->setSmall(true);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(44, 6, 0, 8);
    row->setSpacing(8);
    row->addWidget(m_others, 1);
    row->addWidget(m_again);
    body()->addLayout(row);
    connect(m_again, &QPushButton::clicked, this, [this] { look(true); });
}

void ProviderStep::look(bool again)
{
    if (m_looked && !again)
        return;
    m_looked = true;
    m_again->setEnabled(false);
    m_others->setState(Icon::Clock, Role::Muted, tr("Looking for Ollama, vLLM and LM Studio on this machine…"));
    m_gateway.findLocalProviders(this, [this](const gateway::Result<std::vector<gateway::api::LocalProvider>> &found) {
        m_again->setEnabled(true);
        if (found)
            showFound(*found);
        else
            m_others->setState(Icon::Warning, Role::Warn, qt(found.error().message));
    });
}

void ProviderStep::showFound(const std::vector<gateway::api::LocalProvider> &found)
{
    stop();
    for (LocalCard *card : std::as_const(m_found)) {
        m_group->removeButton(card->radio());
        card->hide();
        card->deleteLater();
    }
    m_found.clear();
    QStringList silent;
    for (const auto &local : found) {
        if (!local.answers) {
            silent << titleAndPort(local);
            continue;
        }
        auto *card = new LocalCard(local);
        m_local->addWidget(card);
        m_found.append(card);
        watch(card);
    }
    if (m_found.isEmpty())
        m_others->setState(Icon::Skipped, Role::Muted, tr("No model server answers on this machine"));
    else if (silent.size() == 1)
        m_others->setState(Icon::Skipped, Role::Muted, tr("%1 does not answer").arg(silent.front()));
    else
        m_others->setState(Icon::Skipped, Role::Muted, tr("%1 do not answer").arg(joined(silent)));
    m_others->setToolTip(joined(silent));
    m_others->setVisible(!silent.isEmpty());
    showConfigured();
    if (!m_paste->choice().provider.credentials.empty())
        return; // somebody is at it already
    (m_found.isEmpty() ? static_cast<ProviderCard *>(m_paste) : m_found.front())->radio()->setChecked(true);
}

void ProviderStep::watch(ProviderCard *card)
{
    m_group->addButton(card->radio());
    connect(card->radio(), &QRadioButton::toggled, this, [this](bool on) {
        if (on)
            stop();
    });
    connect(card, &ProviderCard::changed, this, [this, card] {
        stop();
        card->showHint(tr("One real call shows whether it works."));
    });
    connect(card, &ChoiceCard::useRequested, this, [this, card] { use(card); });
    connect(card, &ChoiceCard::cancelRequested, this, &ProviderStep::stop);
    connect(card, &ChoiceCard::anotherRequested, this, [this, card] { add(card, card->choice(), tr("Added without an answer")); });
}

void ProviderStep::showConfigured()
{
    const auto config = m_gateway.config();
    setDone(!config->providers.empty());
    if (!config->providers.empty())
        setNote(tr("%1 set up").arg(config->providers.size()));
    else
        setNote(m_found.isEmpty() ? QString() : tr("%1 found on this machine").arg(m_found.size()));
    if (!m_model.isEmpty() || config->providers.empty())
        return;
    m_model = qt(firstModel(*config));
    Q_EMIT modelChanged();
}

void ProviderStep::stop()
{
    if (!m_work)
        return;
    m_work.reset();
    QList<ProviderCard *> cards {m_paste};
    for (LocalCard *card : std::as_const(m_found))
        cards.append(card);
    for (ProviderCard *card : std::as_const(cards))
        if (card->busy())
            card->showHint(tr("Not tried to the end."));
}

void ProviderStep::forget()
{
    stop();
    m_paste->clearKey();
    m_added = {};
    m_addedName.clear();
}

void ProviderStep::use(ProviderCard *card)
{
    if (const QString missing = card->missing(); !missing.isEmpty()) {
        card->showProblem(missing, {});
        return;
    }
    m_work = std::make_unique<QObject>();
    card->choice().model.empty() ? listThenTest(card) : test(card, card->choice());
}

void ProviderStep::listThenTest(ProviderCard *card)
{
    card->showBusy(tr("Asking for its models…"));
    const ProviderChoice choice = card->choice();
    m_gateway.listModels(providerOf(choice, *m_gateway.config()), m_work.get(), [this, card](const gateway::Result<std::vector<std::string>> &models) {
        if (models && !models->empty())
            card->setModels(*models);
        test(card, card->choice()); // without a model as well: the test says in words what is wrong
    });
}

void ProviderStep::test(ProviderCard *card, const ProviderChoice &choice)
{
    card->showBusy(tr("Looking up its address…"));
    m_gateway.testProvider(providerOf(choice, *m_gateway.config()), {}, choice.model, m_work.get(),
        [card, choice](const ProbeStep &step) {
            if (step.state != ProbeStep::State::Failed && card->busy())
                card->showBusy(afterStep(step, choice.model));
        },
        [this, card, choice](const gateway::Result<gateway::api::ProbeReport> &report) {
            if (!report) {
                card->showProblem(tr("The test could not be made"), qt(report.error().message));
                return;
            }
            const auto failed = std::ranges::find(report->steps, ProbeStep::State::Failed, &ProbeStep::state);
            if (failed != report->steps.end()) {
                card->showProblem(qt(failed->headline), qt(failed->detail), choice.model.empty() ? QString() : tr("Add it all the same"));
                return;
            }
            if (choice.model.empty()) {
                card->showProblem(tr("It answers. Write which model programs shall ask for."), {});
                return;
            }
            const auto answer = std::ranges::find(report->steps, ProbeStep::Kind::Model, &ProbeStep::kind);
            const auto took = answer == report->steps.end() ? report->took : answer->took;
            add(card, choice, tr("Answered a real test call in %1").arg(widgets::latency(std::optional(took))));
        });
}

const gateway::config::Provider *ProviderStep::madeBefore(const ProviderChoice &choice) const
{
    ProviderChoice before = m_added;
    before.model = choice.model;
    const auto &providers = m_draft.config().providers;
    if (!m_addedName.empty() && before == choice) {
        const auto made = std::ranges::find(providers, m_addedName, &gateway::config::Provider::name);
        if (made != providers.end())
            return &*made;
    }
    return sameProvider(choice, m_draft.config(), m_gateway.providerKinds());
}

void ProviderStep::add(ProviderCard *card, const ProviderChoice &choice, const QString &good)
{
    const gateway::config::Provider *before = madeBefore(choice);
    const gateway::config::Provider provider = before ? *before : providerOf(choice, m_draft.config());
    std::string asked;
    m_draft.edit(tr("add provider %1").arg(qt(provider.name)), [&](gateway::config::Config &config) { asked = addProvider(config, provider, choice.model); });
    const QPointer<ProviderCard> shown(card); // a new look at this machine makes new cards
    const auto ready = [this, shown, choice, provider, asked, good] {
        m_added = choice;
        m_addedName = provider.name;
        m_model = qt(asked);
        if (shown)
            shown->showGood(good);
        showConfigured();
        Q_EMIT modelChanged();
    };
    if (!m_draft.dirty()) { // all of it is there already
        ready();
        return;
    }
    card->showBusy(tr("Adding it…"));
    m_draft.apply(tr("first run: provider %1").arg(qt(provider.name)), [this, shown, ready](const gateway::api::ApplyOutcome &outcome) {
        if (outcome.applied) {
            ready();
            return;
        }
        const auto problem = std::ranges::find(outcome.problems, false, &gateway::api::FieldError::warning);
        if (shown)
            shown->showProblem(tr("It was not added"), problem == outcome.problems.end() ? tr("The gateway did not take the change.") : qt(problem->message));
        m_draft.revert();
    });
}

} // namespace ui::firstrun

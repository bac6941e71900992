// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/provider_detail.h"

#include "ui/bridge/target_state.h"
#include "ui/bridge/text.h"
#include "ui/panes/providers/advanced_card.h"
#include "ui/panes/providers/connection_form.h"
#include "ui/panes/providers/credentials_card.h"
#include "ui/panes/providers/detail_header.h"
#include "ui/panes/providers/health_tab.h"
#include "ui/panes/providers/key_dialog.h"
#include "ui/panes/providers/models_tab.h"
#include "ui/panes/providers/provider_words.h"
#include "ui/panes/providers/test_card.h"
#include "ui/panes/providers/used_by_tab.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tab_strip.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace widgets;

namespace {

QScrollArea *scrolled(QWidget *content)
{
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    content->setAutoFillBackground(false);
    scroll->viewport()->setAutoFillBackground(false);
    return scroll;
}

} // namespace

ProviderDetail::ProviderDetail(const panes::PaneContext &context, bridge::ConfigDraft &draft, QWidget *parent)
    : Panel(Role::Surface, {}, parent), m_context(context), m_draft(draft), m_header(new DetailHeader), m_tabs(new TabStrip({tr("Connection"), tr("Models and prices"), tr("Health"), tr("Used by")})),
      m_pages(new QStackedWidget), m_models(new ModelsTab), m_healthTab(new HealthTab), m_usedBy(new UsedByTab)
{
    setObjectName(u"providers.detail"_s);
    m_tabs->setObjectName(u"providers.tabs"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_tabs);
    m_pages->addWidget(scrolled(makeConnection()));
    m_pages->addWidget(m_models);
    m_pages->addWidget(scrolled(m_healthTab));
    m_pages->addWidget(scrolled(m_usedBy));
    column->addWidget(m_pages, 1);
    column->addWidget(new Divider(Qt::Horizontal));
    column->addWidget(makeFooter());
    connectParts();
    connectKeys();
    connectModels();
    refresh();
}

QWidget *ProviderDetail::makeConnection()
{
    const Edit edits = [this](const QString &what, const std::function<void(Provider &)> &change, const QString &merge) { edit(what, change, merge); };
    auto *page = new QWidget;
    m_connection = new ConnectionForm(m_context.gateway->providerKinds(), edits);
    m_error = new Label(Label::Kind::Secondary);
    m_error->setRole(Role::Err);
    m_error->setWordWrap(true);
    m_error->setObjectName(u"providers.error"_s);
    m_error->hide();
    m_credentials = new CredentialsCard(m_context.gateway->providerKinds());
    m_advanced = new AdvancedCard(edits);
    m_test = new TestCard(*m_context.gateway, [this](const TestCard::Question &question, bool keyRejected) {
        return whatHappensNow(m_draft.config(), m_health, question.provider, question.credential, keyRejected);
    });
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    column->addWidget(m_connection);
    column->addWidget(m_error);
    column->addWidget(m_credentials);
    column->addWidget(m_test);
    column->addWidget(m_advanced);
    column->addStretch(1);
    return page;
}

QWidget *ProviderDetail::makeFooter()
{
    auto *footer = new QWidget;
    footer->setFixedHeight(52);
    m_state = new ElidedLabel;
    m_state->setObjectName(u"providers.state"_s);
    m_revert = new Button(tr("Revert"));
    m_save = new Button(Button::Kind::Primary, Icon::None, tr("Save"));
    m_revert->setObjectName(u"providers.revert"_s);
    m_save->setObjectName(u"providers.save"_s);
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(8);
    row->addWidget(m_state, 1);
    row->addWidget(m_revert);
    row->addWidget(m_save);
    return footer;
}

void ProviderDetail::connectParts()
{
    connect(m_tabs, &TabStrip::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_header, &DetailHeader::enabledWanted, this, &ProviderDetail::enabledWanted);
    connect(m_header, &DetailHeader::duplicateWanted, this, &ProviderDetail::duplicateWanted);
    connect(m_header, &DetailHeader::deleteWanted, this, &ProviderDetail::deleteWanted);
    connect(m_header, &DetailHeader::testWanted, this, [this] { test(); });
    connect(m_test, &TestCard::againWanted, this, &ProviderDetail::test);
    connect(m_test, &TestCard::replaceWanted, this, &ProviderDetail::replaceKey);
    connect(m_test, &TestCard::started, this, [this](const QString &name) {
        m_header->setTesting(true);
        Q_EMIT testStarted(name);
    });
    connect(m_test, &TestCard::ended, this, [this](const QString &name, bool ok, const QString &words) {
        m_header->setTesting(false);
        Q_EMIT testEnded(name, ok, words);
    });
    connect(m_connection, &ConnectionForm::renamed, this, &ProviderDetail::rename);
    connect(m_usedBy, &UsedByTab::routeWanted, this, [this](const QString &name) { m_context.view->openPane(u"routes"_s, name); });
    connect(m_revert, &QPushButton::clicked, this, [this] {
        m_connection->forgetProblems();
        m_advanced->forgetTyped();
        m_draft.revert();
        refresh();
    });
    connect(m_save, &QPushButton::clicked, this, &ProviderDetail::save);
    connect(&m_draft, &bridge::ConfigDraft::stateChanged, this, &ProviderDetail::refreshFooter);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &ProviderDetail::showErrors);
}

void ProviderDetail::connectKeys()
{
    connect(m_credentials, &CredentialsCard::addWanted, this, &ProviderDetail::addKey);
    connect(m_credentials, &CredentialsCard::replaceWanted, this, &ProviderDetail::replaceKey);
    connect(m_credentials, &CredentialsCard::removeWanted, this, &ProviderDetail::removeKey);
    connect(m_credentials, &CredentialsCard::testWanted, this, [this](const QString &name) { test(name); });
    connect(m_credentials, &CredentialsCard::edited, this, [this](int row, const Credential &changed) {
        edit(tr("credential %1").arg(bridge::qt(changed.name)), [row, changed](Provider &one) {
            if (row < static_cast<int>(one.credentials.size()))
                one.credentials[static_cast<std::size_t>(row)] = changed;
        });
    });
}

void ProviderDetail::connectModels()
{
    connect(m_models, &ModelsTab::edited, this, [this](int row, const ModelSettings &changed) {
        edit(tr("model %1").arg(bridge::qt(changed.id)), [row, changed](Provider &one) {
            if (row < static_cast<int>(one.models.size()))
                one.models[static_cast<std::size_t>(row)] = changed;
        });
    });
    connect(m_models, &ModelsTab::addWanted, this, [this](const QString &name) {
        edit(tr("add model %1").arg(name), [name](Provider &one) {
            ModelSettings model;
            model.id = bridge::utf8(name);
            if (std::ranges::find(one.models, model.id, &ModelSettings::id) == one.models.end())
                one.models.push_back(std::move(model));
        });
    });
    connect(m_models, &ModelsTab::removeWanted, this, [this](int row) {
        edit(tr("remove a model"), [row](Provider &one) {
            if (row < static_cast<int>(one.models.size()))
                one.models.erase(one.models.begin() + row);
        });
    });
    connect(m_models, &ModelsTab::listWanted, this, &ProviderDetail::askModels);
}

const Provider *ProviderDetail::provider() const
{
    const auto &all = m_draft.config().providers;
    return m_index >= 0 && m_index < static_cast<int>(all.size()) ? &all[static_cast<std::size_t>(m_index)] : nullptr;
}

bool ProviderDetail::editable() const { return provider() && provider()->origin == Origin::Database; }

void ProviderDetail::edit(const QString &what, const std::function<void(Provider &)> &change, const QString &merge)
{
    if (!editable())
        return;
    m_draft.edit(what, [this, &change](Config &config) {
        change(config.providers[static_cast<std::size_t>(m_index)]);
    }, merge.isEmpty() ? merge : u"%1 %2"_s.arg(merge).arg(m_index));
}

/// Renaming carries the routes along: they name their providers.
void ProviderDetail::rename(const std::string &name)
{
    if (!editable())
        return;
    m_draft.edit(tr("name of a provider"), [index = static_cast<std::size_t>(m_index), name](Config &config) { renameProvider(config, index, name); }, u"name %1"_s.arg(m_index));
}

void ProviderDetail::show(int index)
{
    m_index = index;
    const Provider *one = provider();
    const std::string id = !one ? std::string() : one->id.empty() ? one->name : one->id;
    if (id != m_shownId) {
        m_test->forget();
        m_header->setTesting(false);
        m_connection->forgetProblems();
        m_advanced->forgetTyped();
    }
    m_shownId = id;
    refresh();
}

void ProviderDetail::setHealth(const std::vector<gateway::api::TargetHealth> &health, const gateway::api::ProviderStrip *strip)
{
    m_health = health;
    m_strip = strip ? std::optional(*strip) : std::nullopt;
    if (provider())
        refreshHealth();
}

void ProviderDetail::setFileOwner(const QString &file)
{
    m_fileOwner = file;
    refresh();
}

void ProviderDetail::refresh()
{
    const Provider *one = provider();
    setVisible(one);
    if (!one)
        return;
    const QStringList routes = bridge::routesUsing(m_draft.config(), one->name);
    const Timeouts &inherited = m_draft.config().gateway.timeouts;
    m_header->show(*one, m_context.gateway->providerKinds(), routes, m_fileOwner);
    m_connection->show(*one, inherited, editable());
    m_advanced->show(*one, inherited, editable());
    m_models->show(*one, editable());
    m_usedBy->show(bridge::qt(one->name), routes);
    refreshHealth();
    refreshFooter();
}

void ProviderDetail::refreshHealth()
{
    const gateway::WallTime now = m_context.view->now();
    m_credentials->show(*provider(), m_health, now, editable());
    m_healthTab->show(*provider(), m_strip ? &*m_strip : nullptr, m_health, now);
    const auto probes = m_context.gateway->probes();
    const auto probe = std::ranges::find(probes, provider()->name, &gateway::api::ProviderHealth::provider);
    m_healthTab->showProbe(probe == probes.end() ? nullptr : &*probe, now);
}

void ProviderDetail::refreshFooter()
{
    const bool dirty = m_draft.dirty();
    const int changes = std::max(1, m_draft.changeCount());
    QString text = tr("No unsaved changes. Secrets are stored encrypted and are never shown again.");
    if (m_draft.applying())
        text = tr("Saving…");
    else if (dirty && m_draft.checking())
        text = tr("Being checked…");
    else if (dirty)
        text = changes == 1 ? tr("1 unsaved change") : tr("%1 unsaved changes").arg(changes);
    m_state->setText(text);
    m_revert->setEnabled(dirty && !m_draft.applying());
    m_save->setEnabled(dirty && m_draft.valid() && !m_draft.applying());
}

/// What the gateway said of this provider, at the fields that it is about.
void ProviderDetail::showErrors()
{
    const QString prefix = u"providers[%1]."_s.arg(m_index);
    QStringList lines;
    FieldProblems here;
    for (const auto &problem : m_draft.problems()) {
        if (problem.warning)
            continue;
        const QString field = bridge::qt(problem.field), words = bridge::qt(problem.message);
        const bool ours = field.startsWith(prefix);
        if (ours)
            here.insert(field.mid(prefix.size()), words);
        lines << (ours || field.isEmpty() ? words : tr("%1: %2").arg(field, words));
    }
    m_connection->showProblems(here);
    m_advanced->showProblems(here);
    m_error->setText(lines.join(u'\n'));
    m_error->setVisible(!lines.isEmpty());
    refreshFooter();
}

KindFields ProviderDetail::fieldsOf(const Provider &one) const
{
    const auto *info = kindInfo(m_context.gateway->providerKinds(), one.kind);
    return info ? info->fields : KindFields {};
}

void ProviderDetail::addKey()
{
    const Provider *one = provider();
    if (!one)
        return;
    QStringList taken;
    for (const Credential &credential : one->credentials)
        taken << bridge::qt(credential.name);
    auto *dialog = new KeyDialog(bridge::qt(one->name), fieldsOf(*one), taken, nullptr, this);
    connect(dialog, &KeyDialog::given, this, [this](const Credential &credential) {
        edit(tr("add key %1").arg(bridge::qt(credential.name)), [credential](Provider &changed) { changed.credentials.push_back(credential); });
        m_credentials->choose(bridge::qt(credential.name));
    });
    dialog->open();
}

void ProviderDetail::replaceKey(const QString &name)
{
    const Provider *one = provider();
    if (!one)
        return;
    const auto found = std::ranges::find(one->credentials, bridge::utf8(name), &Credential::name);
    if (found == one->credentials.end())
        return;
    auto *dialog = new KeyDialog(bridge::qt(one->name), fieldsOf(*one), {}, &*found, this);
    connect(dialog, &KeyDialog::given, this, [this](const Credential &credential) {
        edit(tr("replace key %1").arg(bridge::qt(credential.name)), [credential](Provider &changed) {
            for (Credential &old : changed.credentials)
                if (old.name == credential.name)
                    old = credential;
        });
    });
    dialog->open();
}

void ProviderDetail::removeKey(const QString &name)
{
    edit(tr("remove key %1").arg(name), [name](Provider &changed) { std::erase_if(changed.credentials, [&](const Credential &one) { return one.name == bridge::utf8(name); }); });
    m_context.view->toast(tr("Key %1 is out of the draft").arg(name), [this] { m_draft.undoStack().undo(); });
}

void ProviderDetail::askModels()
{
    const Provider *one = provider();
    if (!one)
        return;
    m_context.gateway->listModels(*one, this, [this, name = bridge::qt(one->name)](const gateway::Result<std::vector<std::string>> &models) {
        if (!models) {
            m_context.view->toast(tr("%1 gives no model list: %2").arg(name, bridge::qt(models.error().message)));
            return;
        }
        QStringList names;
        for (const std::string &model : *models)
            names << bridge::qt(model);
        m_models->offerModels(names);
    });
}

void ProviderDetail::save()
{
    m_draft.apply(tr("edit providers"), [this](const gateway::api::ApplyOutcome &outcome) {
        if (outcome.applied)
            m_context.view->toast(tr("Saved as version %1").arg(outcome.revision));
        refresh();
    });
}

void ProviderDetail::focusName()
{
    m_tabs->setCurrent(0);
    m_connection->focusName();
}

void ProviderDetail::test(const QString &credential)
{
    const Provider *one = provider();
    if (!one)
        return;
    m_tabs->setCurrent(0);
    TestCard::Question question {*one, bridge::utf8(credential.isEmpty() ? m_credentials->chosen() : credential), testModel(m_context.gateway->providerKinds(), *one)};
    m_test->run(std::move(question), editable());
}

} // namespace ui::providers

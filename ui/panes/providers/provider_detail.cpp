// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/provider_detail.h"

#include "gateway/config/names.h"
#include "ui/bridge/target_state.h"
#include "ui/bridge/text.h"
#include "ui/panes/providers/credentials_card.h"
#include "ui/panes/providers/form_row.h"
#include "ui/panes/providers/health_tab.h"
#include "ui/panes/providers/key_dialog.h"
#include "ui/panes/providers/models_tab.h"
#include "ui/panes/providers/provider_words.h"
#include "ui/panes/providers/test_steps.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPointer>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace widgets;

class ProviderDetail::Mark final : public QWidget
{
public:
    Mark() { setFixedSize(32, 32); }
    void set(const QString &name)
    {
        m_name = name;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintProviderMark(&painter, rect(), m_name, colorsOf(this));
    }

private:
    QString m_name;
};

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

/// The mutable provider of a draft by place, or nullptr.
Provider *at(Config &config, int index)
{
    return index >= 0 && index < static_cast<int>(config.providers.size()) ? &config.providers[static_cast<std::size_t>(index)] : nullptr;
}

/// Renaming carries the routes along: they name their providers.
void renameIn(PlanNode &node, const std::string &from, const std::string &to)
{
    if (auto *target = std::get_if<TargetNode>(&node.node)) {
        if (target->provider == from)
            target->provider = to;
    } else if (auto *chain = std::get_if<FallbackNode>(&node.node)) {
        for (PlanNode &child : chain->children)
            renameIn(child, from, to);
    } else if (auto *split = std::get_if<SplitNode>(&node.node)) {
        for (SplitBranch &branch : split->branches)
            renameIn(branch.to, from, to);
    }
}

} // namespace

ProviderDetail::ProviderDetail(const panes::PaneContext &context, bridge::ConfigDraft &draft, QWidget *parent)
    : Panel(Role::Surface, {}, parent), m_context(context), m_draft(draft), m_tabs(new TabStrip({tr("Connection"), tr("Models and prices"), tr("Health"), tr("Used by")})), m_pages(new QStackedWidget)
{
    setObjectName(u"providers.detail"_s);
    m_tabs->setObjectName(u"providers.tabs"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(m_tabs);
    m_models = new ModelsTab;
    m_healthTab = new HealthTab;
    m_pages->addWidget(scrolled(makeConnection()));
    m_pages->addWidget(m_models);
    m_pages->addWidget(scrolled(m_healthTab));
    m_pages->addWidget(scrolled(makeUsedBy()));
    column->addWidget(m_pages, 1);
    column->addWidget(new Divider(Qt::Horizontal));
    column->addWidget(makeFooter());
    connectParts();
    refresh();
}

QWidget *ProviderDetail::makeHeader()
{
    auto *header = new QWidget;
    header->setFixedHeight(60);
    m_mark = new Mark;
    m_title = new Label(Label::Kind::Title);
    m_subtitle = new Label(Label::Kind::Secondary);
    m_lock = new Label(Label::Kind::Secondary);
    m_lock->setRole(Role::Warn);
    m_enabled = new QCheckBox(tr("Enabled"));
    m_enabled->setObjectName(u"providers.enabled"_s);
    m_test = new Button(Icon::Zap, tr("Test"));
    m_test->setKeyHint(u"Ctrl+T"_s);
    m_test->setObjectName(u"providers.test"_s);
    m_more = Button::iconOnly(Icon::More, tr("More actions"), nullptr, Button::Kind::Flat);
    m_more->setObjectName(u"providers.more"_s);
    auto *menu = new QMenu(m_more);
    connect(menu->addAction(themedIcon(Icon::Duplicate), tr("Duplicate")), &QAction::triggered, this, &ProviderDetail::duplicateWanted);
    QAction *remove = menu->addAction(themedIcon(Icon::Trash), tr("Delete…"));
    remove->setObjectName(u"providers.delete"_s);
    connect(remove, &QAction::triggered, this, &ProviderDetail::deleteWanted);
    connect(menu, &QMenu::aboutToShow, this, [this, remove] { remove->setEnabled(editable()); });
    connect(m_more, &QPushButton::clicked, menu, [this, menu] { menu->popup(m_more->mapToGlobal(QPoint(m_more->width() - menu->sizeHint().width(), m_more->height() + 2))); });
    auto *titles = new QVBoxLayout;
    titles->setSpacing(0);
    for (Label *label : {m_title, m_subtitle, m_lock}) {
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Maximum);
        titles->addWidget(label);
    }
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 8, 12, 8);
    row->setSpacing(12);
    row->addWidget(m_mark);
    row->addLayout(titles, 1);
    row->addWidget(m_enabled);
    row->addSpacing(4);
    row->addWidget(m_test);
    row->addWidget(m_more);
    return header;
}

QWidget *ProviderDetail::makeConnection()
{
    auto *page = new QWidget;
    m_name = new QLineEdit;
    m_kind = new QComboBox;
    m_url = new QLineEdit;
    m_firstByte = new QLineEdit;
    m_total = new QLineEdit;
    m_name->setObjectName(u"providers.name"_s);
    m_kind->setObjectName(u"providers.kind"_s);
    m_url->setObjectName(u"providers.url"_s);
    m_firstByte->setObjectName(u"providers.firstByte"_s);
    m_total->setObjectName(u"providers.total"_s);
    m_url->setFont(monoFont(12));
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const auto &info : m_context.gateway->providerKinds())
        m_kind->addItem(bridge::qt(info.title), bridge::qt(info.kind));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, 64);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    addField(grid, 0, 0, tr("Name"), m_name);
    addField(grid, 0, 1, tr("Kind"), m_kind);
    addField(grid, 1, 0, tr("Base URL"), m_url, 3);
    addField(grid, 2, 0, tr("First byte"), m_firstByte);
    addField(grid, 2, 1, tr("Whole call"), m_total);
    m_error = new Label(Label::Kind::Secondary);
    m_error->setRole(Role::Err);
    m_error->setWordWrap(true);
    m_error->setObjectName(u"providers.error"_s);
    m_error->hide();
    m_credentials = new CredentialsCard;
    m_testCard = new Card(tr("Test"));
    m_steps = new TestSteps;
    auto *copy = new CopyButton(tr("Copy details"), [this] { return m_steps->details(); });
    copy->button()->setSmall(true);
    copy->button()->setObjectName(u"providers.test.copy"_s);
    m_again = new Button(Icon::Refresh, tr("Again"));
    m_again->setSmall(true);
    m_again->setObjectName(u"providers.test.again"_s);
    m_testCard->addToHeader(copy);
    m_testCard->addToHeader(m_again);
    m_testCard->body()->addWidget(new Divider(Qt::Horizontal));
    m_testCard->body()->addWidget(m_steps);
    m_testCard->hide();
    m_banner = new SectionBanner(SectionBanner::Kind::Warning);
    m_banner->setObjectName(u"providers.banner"_s);
    m_replace = m_banner->addAction(Icon::Key, tr("Replace key…"));
    m_replace->setObjectName(u"providers.banner.replace"_s);
    m_banner->hide();
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    column->addLayout(grid);
    column->addWidget(m_error);
    column->addWidget(m_credentials);
    column->addWidget(m_testCard);
    column->addWidget(m_banner);
    column->addStretch(1);
    return page;
}

QWidget *ProviderDetail::makeUsedBy()
{
    auto *page = new QWidget;
    m_usedByText = new Label(Label::Kind::Secondary);
    m_usedByText->setWordWrap(true);
    m_usedByList = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(m_usedByText);
    column->addWidget(m_usedByList);
    column->addStretch(1);
    return page;
}

QWidget *ProviderDetail::makeFooter()
{
    auto *footer = new QWidget;
    footer->setFixedHeight(52);
    m_state = new Label(Label::Kind::Secondary);
    m_state->setObjectName(u"providers.state"_s);
    m_state->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
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
    connect(m_enabled, &QCheckBox::clicked, this, &ProviderDetail::enabledWanted);
    connect(m_test, &QPushButton::clicked, this, [this] { test(); });
    connect(m_again, &QPushButton::clicked, this, [this] { test(m_testedCredential); });
    connect(m_revert, &QPushButton::clicked, this, [this] {
        for (QLineEdit *field : {m_name, m_url, m_firstByte, m_total})
            setInvalid(field, {}); // what was typed wrong goes too
        m_draft.revert();
        refresh();
    });
    connect(m_save, &QPushButton::clicked, this, &ProviderDetail::save);
    connect(&m_draft, &bridge::ConfigDraft::stateChanged, this, &ProviderDetail::refreshFooter);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &ProviderDetail::showErrors);

    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &text) {
        const auto problem = nameProblem(NameOf::Provider, bridge::utf8(text));
        setInvalid(m_name, problem ? bridge::qt(*problem) : QString());
        if (problem || !provider())
            return;
        const std::string before = provider()->name, after = bridge::utf8(text);
        m_draft.edit(tr("name of a provider"), [this, before, after](Config &config) {
            if (Provider *one = at(config, m_index))
                one->name = after;
            for (Route &route : config.routes)
                renameIn(route.plan, before, after);
        }, u"name %1"_s.arg(m_index));
    });
    connect(m_url, &QLineEdit::textEdited, this, [this](const QString &text) {
        edit(tr("base URL"), [url = bridge::utf8(text.trimmed())](Provider &one) { one.baseUrl = url; }, u"url"_s);
    });
    connect(m_kind, &QComboBox::activated, this, [this] {
        edit(tr("kind of a provider"), [kind = bridge::utf8(m_kind->currentData().toString())](Provider &one) { one.kind = kind; });
    });
    const auto duration = [this](QLineEdit *field, std::optional<Millis> Timeouts::*member, const QString &merge) {
        connect(field, &QLineEdit::textEdited, this, [this, field, member, merge](const QString &text) {
            std::optional<Millis> value;
            if (!text.trimmed().isEmpty()) {
                value = parseSetting(text);
                if (!value) {
                    setInvalid(field, tr("Not a duration. Write it like 20 s, 250 ms or 2 min."));
                    return;
                }
            }
            setInvalid(field, {});
            edit(tr("timeouts"), [member, value](Provider &one) { one.timeouts.*member = value; }, merge);
        });
    };
    duration(m_firstByte, &Timeouts::firstByte, u"firstByte"_s);
    duration(m_total, &Timeouts::total, u"total"_s);

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
    connect(m_replace, &QPushButton::clicked, this, [this] { replaceKey(m_testedCredential); });

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
        if (Provider *one = at(config, m_index))
            change(*one);
    }, merge.isEmpty() ? merge : u"%1 %2"_s.arg(merge).arg(m_index));
}

void ProviderDetail::show(int index)
{
    m_index = index;
    const Provider *one = provider();
    const std::string id = !one ? std::string() : one->id.empty() ? one->name : one->id;
    if (id != m_shownId)
        hideTest();
    m_shownId = id;
    for (QLineEdit *field : {m_name, m_url, m_firstByte, m_total})
        setInvalid(field, {});
    refresh();
}

void ProviderDetail::setHealth(const std::vector<gateway::api::TargetHealth> &health, const gateway::api::ProviderStrip *strip)
{
    m_health = health;
    m_strip = strip ? std::optional(*strip) : std::nullopt;
    if (const Provider *one = provider()) {
        m_credentials->show(*one, m_health, m_context.view->now(), editable());
        m_healthTab->show(*one, m_strip ? &*m_strip : nullptr, m_health, m_context.view->now());
    }
}

void ProviderDetail::setFileOwner(const QString &file)
{
    m_fileOwner = file;
    refreshHeader();
}

void ProviderDetail::refresh()
{
    const Provider *one = provider();
    setVisible(one);
    if (!one)
        return;
    refreshHeader();
    refreshConnection();
    m_credentials->show(*one, m_health, m_context.view->now(), editable());
    m_models->show(*one, editable());
    m_healthTab->show(*one, m_strip ? &*m_strip : nullptr, m_health, m_context.view->now());
    refreshUsedBy();
    refreshFooter();
}

void ProviderDetail::refreshHeader()
{
    const Provider *one = provider();
    if (!one)
        return;
    const QString name = bridge::qt(one->name);
    m_mark->set(name);
    m_title->setText(name);
    const QStringList routes = bridge::routesUsing(m_draft.config(), one->name);
    const auto models = static_cast<int>(one->models.size());
    QStringList parts {kindTitle(m_context.gateway->providerKinds(), one->kind), tr("OpenAI format")};
    if (models > 0)
        parts << (models == 1 ? tr("1 model") : tr("%1 models").arg(models));
    parts << (routes.isEmpty() ? tr("not used by a route") : tr("used by %1").arg(routes.size() > 3 ? tr("%1 routes").arg(routes.size()) : routes.join(u", "_s)));
    const bool locked = one->origin == Origin::File;
    m_subtitle->setText(parts.join(u", "_s));
    m_subtitle->setVisible(!locked);
    m_lock->setVisible(locked);
    m_lock->setText(tr("Set by %1, edit it there").arg(m_fileOwner.isEmpty() ? tr("the --config file") : m_fileOwner));
    const QSignalBlocker quiet(m_enabled);
    m_enabled->setChecked(one->enabled);
    m_enabled->setEnabled(!locked);
}

void ProviderDetail::refreshConnection()
{
    const Provider *one = provider();
    const auto put = [](QLineEdit *field, const QString &text) {
        if (field->text() != text && !field->property("invalid").toBool())
            field->setText(text);
    };
    put(m_name, bridge::qt(one->name));
    put(m_url, bridge::qt(one->baseUrl));
    const auto *info = kindInfo(m_context.gateway->providerKinds(), one->kind);
    m_url->setPlaceholderText(info && !info->defaultBaseUrl.empty() ? bridge::qt(info->defaultBaseUrl) : tr("must be given, like https://host.example/v1"));
    const QSignalBlocker quiet(m_kind);
    int kind = m_kind->findData(bridge::qt(one->kind));
    if (kind < 0) {
        m_kind->addItem(bridge::qt(one->kind), bridge::qt(one->kind));
        kind = m_kind->count() - 1;
    }
    m_kind->setCurrentIndex(kind);
    const Timeouts &inherited = m_draft.config().gateway.timeouts;
    const auto time = [&](QLineEdit *field, const std::optional<Millis> &own, const std::optional<Millis> &standard) {
        if (!field->hasFocus())
            put(field, own ? setting(*own) : QString());
        field->setPlaceholderText(standard ? setting(*standard) : tr("60 s for streams"));
    };
    time(m_firstByte, one->timeouts.firstByte, inherited.firstByte);
    time(m_total, one->timeouts.total, inherited.total);
    for (QLineEdit *field : {m_name, m_url, m_firstByte, m_total})
        field->setReadOnly(!editable());
    m_kind->setEnabled(editable());
}

void ProviderDetail::refreshUsedBy()
{
    const Provider *one = provider();
    const QStringList routes = bridge::routesUsing(m_draft.config(), one->name);
    m_usedByText->setText(routes.isEmpty() ? tr("No route sends calls to %1.").arg(bridge::qt(one->name))
                                           : tr("These routes send calls to %1. Switching it off takes it out of them.").arg(bridge::qt(one->name)));
    delete m_usedByList->layout();
    qDeleteAll(m_usedByList->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly));
    auto *column = new QVBoxLayout(m_usedByList);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    for (const QString &name : routes) {
        auto *link = new Button(Button::Kind::Link, Icon::Routes, name);
        link->setObjectName(u"providers.usedBy.%1"_s.arg(name));
        connect(link, &QPushButton::clicked, this, [this, name] { m_context.view->openPane(u"routes"_s, name); });
        column->addWidget(link, 0, Qt::AlignLeft);
    }
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
    const QString prefix = u"providers[%1]"_s.arg(m_index);
    QStringList others;
    QHash<QLineEdit *, QString> byField {{m_name, {}}, {m_url, {}}, {m_firstByte, {}}, {m_total, {}}};
    QString kind;
    for (const auto &problem : m_draft.problems()) {
        const QString field = bridge::qt(problem.field), words = bridge::qt(problem.message);
        if (problem.warning)
            continue;
        if (field == prefix + u".name"_s)
            byField[m_name] = words;
        else if (field == prefix + u".base_url"_s)
            byField[m_url] = words;
        else if (field == prefix + u".timeouts.first_byte"_s)
            byField[m_firstByte] = words;
        else if (field == prefix + u".timeouts.total"_s)
            byField[m_total] = words;
        else if (field == prefix + u".kind"_s)
            kind = words;
        others << (field.startsWith(prefix) ? words : field.isEmpty() ? words : tr("%1: %2").arg(field, words));
    }
    for (auto it = byField.cbegin(); it != byField.cend(); ++it)
        if (!it.value().isEmpty() || it.key()->property("invalid").toBool())
            setInvalid(it.key(), it.value());
    setInvalid(m_kind, kind);
    m_error->setText(others.join(u'\n'));
    m_error->setVisible(!others.isEmpty());
    refreshFooter();
}

void ProviderDetail::addKey()
{
    const Provider *one = provider();
    if (!one)
        return;
    QStringList taken;
    for (const Credential &credential : one->credentials)
        taken << bridge::qt(credential.name);
    auto *dialog = new KeyDialog(bridge::qt(one->name), taken, nullptr, this);
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
    auto *dialog = new KeyDialog(bridge::qt(one->name), {}, &*found, this);
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
            m_context.view->toast(tr("Saved as revision %1").arg(outcome.revision));
        refresh();
    });
}

void ProviderDetail::focusName()
{
    m_tabs->setCurrent(0);
    m_name->setFocus();
    m_name->selectAll();
}

// ---- test ----

void ProviderDetail::hideTest()
{
    m_testing.reset();
    m_testCard->hide();
    m_banner->hide();
    m_test->setEnabled(true);
}

void ProviderDetail::test(const QString &credential)
{
    const Provider *one = provider();
    if (!one)
        return;
    m_tabs->setCurrent(0);
    const QString name = bridge::qt(one->name);
    m_testedCredential = credential.isEmpty() ? m_credentials->chosen() : credential;
    m_testing = std::make_unique<QObject>(); // an older test's answers go nowhere
    m_testCard->setTitle(m_testedCredential.isEmpty() ? tr("Test of “%1”").arg(name) : tr("Test of “%1”").arg(m_testedCredential));
    m_testCard->setUnit(tr("running…"));
    m_testCard->show();
    m_banner->hide();
    m_steps->begin();
    m_test->setEnabled(false);
    m_again->setEnabled(false);
    Q_EMIT testStarted(name);
    m_context.gateway->testProvider(*one, bridge::utf8(m_testedCredential), testModel(m_context.gateway->providerKinds(), *one), m_testing.get(),
        [this](const gateway::api::ProbeStep &step) { m_steps->addStep(step); },
        [this, name, tested = m_testedCredential](const gateway::Result<gateway::api::ProbeReport> &report) { finishTest(name, tested, report); });
}

void ProviderDetail::finishTest(const QString &name, const QString &credential, const gateway::Result<gateway::api::ProbeReport> &report)
{
    using State = gateway::api::ProbeStep::State;
    m_test->setEnabled(true);
    m_again->setEnabled(true);
    if (!report) {
        m_testCard->setUnit(tr("not begun"));
        m_steps->finish({});
        m_banner->setKind(SectionBanner::Kind::Error);
        m_banner->setContent(tr("The test could not begin"), bridge::qt(report.error().message));
        m_replace->hide();
        m_banner->show();
        Q_EMIT testEnded(name, false, tr("test could not begin"));
        return;
    }
    m_testCard->setUnit(tr("%1, took %2").arg(timeOfDay(report->at), latency(std::optional(report->took))));
    m_steps->finish(report->steps);
    const auto failed = std::ranges::find(report->steps, State::Failed, &gateway::api::ProbeStep::state);
    Q_EMIT testEnded(name, report->ok, failed == report->steps.end() ? tr("test passed %1").arg(hourMinute(report->at)) : bridge::qt(failed->headline));
    const Provider *one = provider();
    if (!one || failed == report->steps.end())
        return;
    const bool key = failed->kind == gateway::api::ProbeStep::Kind::Key;
    m_banner->setKind(SectionBanner::Kind::Warning);
    m_banner->setContent(whatHappensNow(m_draft.config(), m_health, *one, bridge::utf8(credential), key));
    m_replace->setVisible(key && editable() && !credential.isEmpty());
    m_banner->show();
}

} // namespace ui::providers

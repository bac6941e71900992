// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/text.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/inspector.h"
#include "ui/panes/routes/json_field.h"
#include "ui/panes/routes/live_section.h"
#include "ui/widgets/button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStringListModel>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

class TargetForm final : public NodeForm
{
    Q_OBJECT
public:
    TargetForm(const Inspector::AskModels &askModels, std::function<void()> openCalls, QWidget *parent) : NodeForm(parent), m_askModels(askModels)
    {
        auto *column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        setUpFields(column);
        addLine(column);
        setUpRetry(column);
        addLine(column);
        m_live = new LiveSection(std::move(openCalls), this);
        column->addWidget(m_live);
        column->addStretch(1);
    }

    void show(const Editing &editing) override;
    using NodeForm::show;
    void showLive(const TrafficWatch &watch) override { m_live->show(watch.targetHour()); }
    QWidget *firstField() override { return m_model; }

private:
    void setUpFields(QVBoxLayout *column);
    void setUpRetry(QVBoxLayout *column);
    void showProviders(const TargetNode &target);
    void showCredentials(const TargetNode &target);
    void offerModels(const std::string &provider);
    void change(const QString &what, const std::function<void(TargetNode &)> &edit, const QString &merge = {});
    void addDuration(FieldGrid &grid, const QString &label, DurationField *&field, std::optional<Millis> Timeouts::*member, const QString &name);
    [[nodiscard]] const TargetNode *target() const;

    Inspector::AskModels m_askModels;
    Editing m_editing;
    QComboBox *m_provider, *m_credential;
    QLineEdit *m_model;
    NamesField *m_drop;
    QStringListModel *m_models;
    std::string m_modelsOf;
    DurationField *m_firstByte, *m_total, *m_idle, *m_connect;
    JsonField *m_override, *m_defaults;
    QSpinBox *m_attempts;
    FailureChips *m_retry, *m_fallback;
    Label *m_retryHeading, *m_fallbackHeading;
    Button *m_inherit;
    LiveSection *m_live;
};

const TargetNode *TargetForm::target() const
{
    const PlanNode *node = m_editing.route ? nodeAt(m_editing.route->plan, m_editing.path) : nullptr;
    return node ? std::get_if<TargetNode>(&node->node) : nullptr;
}

void TargetForm::change(const QString &what, const std::function<void(TargetNode &)> &edit, const QString &merge)
{
    if (!target() || !m_editing.editable)
        return;
    m_editing.edit(what, [path = m_editing.path, edit](Route &route) {
        PlanNode *node = nodeAt(route.plan, path);
        if (auto *found = node ? std::get_if<TargetNode>(&node->node) : nullptr)
            edit(*found);
    }, merge);
}

void TargetForm::addDuration(FieldGrid &grid, const QString &label, DurationField *&field, std::optional<Millis> Timeouts::*member, const QString &name)
{
    field = new DurationField;
    field->setObjectName(u"routes.inspector."_s + name);
    grid.add(label, field);
    connect(field, &DurationField::valueChanged, this, [this, field, member, label] {
        change(tr("%1 of a target").arg(label), [value = field->value(), member](TargetNode &node) { node.timeouts.*member = value; }, u"timeout "_s + label);
    });
}

void TargetForm::setUpFields(QVBoxLayout *column)
{
    FieldGrid grid(column);
    m_provider = new QComboBox;
    m_provider->setObjectName(u"routes.inspector.provider"_s);
    m_provider->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    grid.add(tr("Provider"), m_provider);
    m_model = new QLineEdit;
    m_model->setObjectName(u"routes.inspector.model"_s);
    m_models = new QStringListModel(this);
    auto *completer = new QCompleter(m_models, this);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_model->setCompleter(completer);
    grid.add(tr("Model"), m_model);
    m_credential = new QComboBox;
    m_credential->setObjectName(u"routes.inspector.credential"_s);
    m_credential->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    grid.add(tr("Credential"), m_credential);
    addDuration(grid, tr("First byte"), m_firstByte, &Timeouts::firstByte, u"firstByte"_s);
    addDuration(grid, tr("Whole call"), m_total, &Timeouts::total, u"total"_s);
    addDuration(grid, tr("Idle"), m_idle, &Timeouts::idle, u"idle"_s);
    addDuration(grid, tr("Connect"), m_connect, &Timeouts::connect, u"connect"_s);
    m_attempts = new QSpinBox;
    m_attempts->setObjectName(u"routes.inspector.attempts"_s);
    m_attempts->setRange(1, 10);
    grid.add(tr("Attempts"), m_attempts);
    m_override = new JsonField;
    m_override->setObjectName(u"routes.inspector.override"_s);
    m_override->setPlaceholderText(u"{\"temperature\": 0.2}"_s);
    grid.add(tr("Override"), m_override);
    m_defaults = new JsonField;
    m_defaults->setObjectName(u"routes.inspector.defaults"_s);
    m_defaults->setPlaceholderText(u"{\"max_tokens\": 1024}"_s);
    grid.add(tr("Defaults"), m_defaults);
    m_drop = new NamesField;
    m_drop->setObjectName(u"routes.inspector.drop"_s);
    m_drop->setFont(monoFont(12));
    m_drop->setPlaceholderText(u"logit_bias, seed"_s);
    grid.add(tr("Drop"), m_drop);

    connect(m_provider, &QComboBox::activated, this, [this] {
        const std::string name = bridge::utf8(m_provider->currentText());
        change(tr("provider of a target"), [name](TargetNode &node) {
            node.provider = name;
            node.credential.clear();
        });
    });
    connect(m_model, &QLineEdit::textEdited, this, [this](const QString &text) {
        change(tr("model of a target"), [model = bridge::utf8(text.trimmed())](TargetNode &node) { node.model = model; }, u"model"_s);
    });
    connect(completer, qOverload<const QString &>(&QCompleter::activated), this, [this](const QString &text) {
        change(tr("model of a target"), [model = bridge::utf8(text)](TargetNode &node) { node.model = model; }, u"model"_s);
    });
    connect(m_credential, &QComboBox::activated, this, [this] {
        change(tr("credential of a target"), [name = bridge::utf8(m_credential->currentData().toString())](TargetNode &node) { node.credential = name; });
    });
    connect(m_attempts, &QSpinBox::valueChanged, this, [this](int attempts) {
        const Retry standard = m_editing.route ? m_editing.route->retry : Retry {};
        change(tr("attempts on a target"), [attempts, standard](TargetNode &node) {
            if (!node.retry)
                node.retry = standard;
            node.retry->attempts = attempts;
        }, u"attempts"_s);
    });
    connect(m_override, &JsonField::valueChanged, this, [this] { change(tr("override of a target"), [value = m_override->value()](TargetNode &node) { node.override_ = value; }, u"override"_s); });
    connect(m_defaults, &JsonField::valueChanged, this, [this] { change(tr("defaults of a target"), [value = m_defaults->value()](TargetNode &node) { node.defaults = value; }, u"defaults"_s); });
    connect(m_drop, &NamesField::namesEdited, this, [this] {
        change(tr("dropped parameters of a target"), [names = bridge::utf8List(m_drop->names())](TargetNode &node) { node.drop = names; }, u"drop"_s);
    });
}

void TargetForm::setUpRetry(QVBoxLayout *column)
{
    m_retry = new FailureChips(tr("Retry here on"));
    m_retry->setObjectName(u"routes.inspector.retry"_s);
    m_retryHeading = addSection(column, tr("Retry here on"), m_retry);
    m_inherit = new Button(Button::Kind::Link, Icon::Undo, tr("As the route does"));
    m_inherit->setSmall(true);
    m_inherit->setObjectName(u"routes.inspector.inherit"_s);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 0, 16, 0);
    row->addWidget(m_inherit);
    row->addStretch(1);
    column->addLayout(row);
    m_fallback = new FailureChips(tr("Go to the next row on"));
    m_fallback->setObjectName(u"routes.inspector.fallback"_s);
    m_fallbackHeading = addSection(column, tr("Go to the next row on"), m_fallback);
    column->addSpacing(6);
    connect(m_retry, &FailureChips::changed, this, [this] {
        const Retry standard = m_editing.route ? m_editing.route->retry : Retry {};
        change(tr("what a target retries"), [set = m_retry->items(), standard](TargetNode &node) {
            if (!node.retry)
                node.retry = standard;
            node.retry->on = set;
        });
    });
    connect(m_inherit, &QPushButton::clicked, this, [this] { change(tr("retry as the route does"), [](TargetNode &node) { node.retry.reset(); }); });
    connect(m_fallback, &FailureChips::changed, this, [this] {
        if (m_editing.editable && m_editing.edit)
            m_editing.edit(tr("what moves on to the next row"), [set = m_fallback->items()](Route &route) { route.fallbackOn = set; }, {});
    });
}

void TargetForm::showProviders(const TargetNode &node)
{
    QStringList names;
    for (const Provider &provider : m_editing.config->providers)
        names << bridge::qt(provider.name);
    const QString current = bridge::qt(node.provider);
    if (!names.contains(current))
        names.prepend(current); // what the draft says is shown, also where it is wrong
    const QSignalBlocker quiet(m_provider);
    if (m_provider->count() != names.size() || m_provider->itemText(0) != names.value(0) || m_provider->findText(current) < 0) {
        m_provider->clear();
        m_provider->addItems(names);
    }
    m_provider->setCurrentIndex(static_cast<int>(names.indexOf(current)));
}

void TargetForm::showCredentials(const TargetNode &node)
{
    QStringList names;
    for (const Provider &provider : m_editing.config->providers)
        if (provider.name == node.provider)
            for (const Credential &credential : provider.credentials)
                names << bridge::qt(credential.name);
    const QSignalBlocker quiet(m_credential);
    m_credential->clear();
    m_credential->addItem(names.size() > 1 ? tr("balanced (%1)").arg(names.join(u", "_s)) : names.isEmpty() ? tr("none needed") : tr("any (%1)").arg(names.first()), QString());
    for (const QString &name : names)
        m_credential->addItem(tr("only %1").arg(name), name);
    const QString current = bridge::qt(node.credential);
    if (!current.isEmpty() && !names.contains(current))
        m_credential->addItem(tr("only %1 (not there)").arg(current), current);
    m_credential->setCurrentIndex(std::max(0, m_credential->findData(current)));
}

void TargetForm::offerModels(const std::string &provider)
{
    if (provider == m_modelsOf)
        return;
    m_modelsOf = provider;
    QStringList known;
    for (const Provider &one : m_editing.config->providers)
        if (one.name == provider)
            for (const ModelSettings &model : one.models)
                known << bridge::qt(model.id);
    m_models->setStringList(known);
    m_askModels(provider, [this, provider, known](const QStringList &models) {
        if (provider != m_modelsOf)
            return;
        QStringList all = known + models;
        all.removeDuplicates();
        all.sort();
        m_models->setStringList(all);
    });
}

void TargetForm::show(const Editing &editing)
{
    m_editing = editing;
    const TargetNode *node = target();
    if (!node)
        return;
    const Timeouts *ofProvider = nullptr;
    for (const Provider &provider : editing.config->providers)
        if (provider.name == node->provider)
            ofProvider = &provider.timeouts;
    const Timeouts &ofGateway = editing.config->gateway.timeouts;
    const auto place = [&](DurationField *field, std::optional<Millis> Timeouts::*member) {
        field->setValue(node->timeouts.*member);
        const auto inherited = ofProvider && ofProvider->*member ? ofProvider->*member : ofGateway.*member;
        field->setPlaceholderText(inherited ? setting(*inherited) : tr("1 min for streams"));
        setEditable({field}, m_editing.editable);
    };
    showProviders(*node);
    setTextQuietly(m_model, bridge::qt(node->model));
    showCredentials(*node);
    place(m_firstByte, &Timeouts::firstByte);
    place(m_total, &Timeouts::total);
    place(m_idle, &Timeouts::idle);
    place(m_connect, &Timeouts::connect);
    const Retry &retry = node->retry ? *node->retry : editing.route->retry;
    {
        const QSignalBlocker quiet(m_attempts);
        m_attempts->setValue(retry.attempts);
    }
    m_override->setValue(node->override_);
    m_defaults->setValue(node->defaults);
    m_drop->setNames(bridge::qtList(node->drop));
    m_retry->setItems(retry.on);
    m_retryHeading->setText(node->retry ? tr("Retry here on (this target's own)") : tr("Retry here on"));
    m_inherit->setVisible(node->retry.has_value() && editing.editable);
    m_fallback->setItems(editing.route->fallbackOn);
    const PlanNode *parent = editing.path.isEmpty() ? nullptr : nodeAt(editing.route->plan, editing.path.first(editing.path.size() - 1));
    const bool inChain = parent && kindOf(*parent) == NodeKind::Chain && editing.path.last() + 1 < childCount(*parent);
    m_fallbackHeading->setVisible(inChain);
    m_fallback->setVisible(inChain);
    if (inChain)
        m_fallbackHeading->setText(tr("Go to row %1 on (holds for the whole route)").arg(editing.path.last() + 2));
    setEditable({m_provider, m_credential, m_attempts, m_model, m_override, m_defaults, m_drop, m_retry, m_fallback}, editing.editable);
    offerModels(node->provider);
}

} // namespace

NodeForm *makeTargetForm(const Inspector::AskModels &askModels, std::function<void()> openCalls, QWidget *parent)
{
    return new TargetForm(askModels, std::move(openCalls), parent);
}

} // namespace ui::routes

#include "target_form.moc"

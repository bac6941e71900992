// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/text.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/inspector.h"
#include "ui/panes/routes/keeping_fields.h"
#include "ui/panes/routes/rescue_fields.h"
#include "ui/widgets/button.h"

#include "gateway/config/names.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

/// The route itself: its names, and what holds for all of its targets.
class RouteForm final : public NodeForm
{
    Q_OBJECT
public:
    RouteForm(std::function<void()> openCalls, std::function<void()> openCache, QWidget *parent) : NodeForm(parent)
    {
        auto *column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        setUpFields(column);
        addLine(column);
        setUpRetry(column);
        addLine(column);
        m_rescue = new RescueFields([this](const QString &what, const std::function<void(Route &)> &edit, const QString &merge) { change(what, edit, merge); });
        column->addWidget(m_rescue);
        addLine(column);
        m_keeping = new KeepingFields([this](const QString &what, const std::function<void(Route &)> &edit, const QString &merge) { change(what, edit, merge); });
        connect(m_keeping, &KeepingFields::cacheWanted, this, openCache);
        column->addWidget(m_keeping);
        addLine(column);
        auto *open = new Button(Button::Kind::Link, Icon::External, tr("Open this route's calls"));
        open->setSmall(true);
        connect(open, &QPushButton::clicked, this, openCalls);
        auto *row = new QHBoxLayout;
        row->setContentsMargins(12, 8, 12, 8);
        row->addWidget(open);
        row->addStretch(1);
        column->addLayout(row);
        column->addStretch(1);
    }

    void show(const Editing &editing) override;
    using NodeForm::show;
    QWidget *firstField() override { return m_name; }

private:
    void setUpFields(QVBoxLayout *column);
    void setUpRetry(QVBoxLayout *column);
    void change(const QString &what, const std::function<void(Route &)> &edit, const QString &merge = {})
    {
        if (m_editing.editable && m_editing.edit)
            m_editing.edit(what, edit, merge);
    }

    Editing m_editing;
    QLineEdit *m_name;
    NamesField *m_aliases;
    QCheckBox *m_enabled;
    QComboBox *m_unsupported, *m_policy;
    QSpinBox *m_attempts;
    DurationField *m_base, *m_max;
    FailureChips *m_retry, *m_fallback;
    RescueFields *m_rescue;
    KeepingFields *m_keeping;
};

void RouteForm::setUpFields(QVBoxLayout *column)
{
    FieldGrid grid(column);
    m_name = new QLineEdit;
    m_name->setObjectName(u"routes.inspector.name"_s);
    grid.add(tr("Name"), m_name);
    m_aliases = new NamesField;
    m_aliases->setObjectName(u"routes.inspector.aliases"_s);
    m_aliases->setPlaceholderText(tr("other names, comma between"));
    grid.add(tr("Aliases"), m_aliases);
    m_enabled = new QCheckBox(tr("Answers calls"));
    m_enabled->setObjectName(u"routes.inspector.enabled"_s);
    grid.add(tr("Enabled"), m_enabled);
    m_enabled->setAccessibleName(tr("Enabled"));
    m_unsupported = new QComboBox;
    m_unsupported->setObjectName(u"routes.inspector.unsupported"_s);
    m_unsupported->addItem(tr("drop, and say so"), int(Unsupported::Drop));
    m_unsupported->addItem(tr("reject the call"), int(Unsupported::Reject));
    m_unsupported->setToolTip(tr("What becomes of a parameter that the provider does not take"));
    grid.add(tr("Unsupported"), m_unsupported);
    m_policy = new QComboBox;
    m_policy->setObjectName(u"routes.inspector.policy"_s);
    m_policy->addItem(tr("return it"), int(OnContentPolicy::Return));
    m_policy->addItem(tr("go to the next row"), int(OnContentPolicy::Fallback));
    m_policy->setToolTip(tr("What becomes of an answer that a provider refuses for its content rules"));
    grid.add(tr("On policy"), m_policy);

    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &text) {
        const auto problem = nameProblem(NameOf::Route, bridge::utf8(text));
        setInvalid(m_name, problem ? bridge::qt(*problem) : QString());
        if (!problem) // a name that may not be is not taken over: the routes would be lost to one another
            change(tr("name of a route"), [name = bridge::utf8(text)](Route &route) { route.name = name; }, u"name"_s);
    });
    connect(m_aliases, &NamesField::namesEdited, this, [this] {
        change(tr("aliases of a route"), [names = bridge::utf8List(m_aliases->names())](Route &route) { route.aliases = names; }, u"aliases"_s);
    });
    connect(m_enabled, &QCheckBox::toggled, this, [this](bool on) { change(on ? tr("switch a route on") : tr("switch a route off"), [on](Route &route) { route.enabled = on; }); });
    connect(m_unsupported, &QComboBox::activated, this, [this] {
        change(tr("unsupported parameters of a route"), [value = Unsupported(m_unsupported->currentData().toInt())](Route &route) { route.unsupported = value; });
    });
    connect(m_policy, &QComboBox::activated, this, [this] {
        change(tr("content policy of a route"), [value = OnContentPolicy(m_policy->currentData().toInt())](Route &route) { route.onContentPolicy = value; });
    });
}

void RouteForm::setUpRetry(QVBoxLayout *column)
{
    FieldGrid grid(column);
    m_attempts = new QSpinBox;
    m_attempts->setObjectName(u"routes.inspector.routeAttempts"_s);
    m_attempts->setRange(1, 10);
    m_attempts->setToolTip(tr("All tries on one target"));
    grid.add(tr("Attempts"), m_attempts);
    m_base = new DurationField;
    m_base->setToolTip(tr("The first wait before a retry; each one after it is twice as long, with jitter"));
    grid.add(tr("Wait first"), m_base);
    m_max = new DurationField;
    grid.add(tr("Wait at most"), m_max);
    m_retry = new FailureChips(tr("Retry on"));
    m_retry->setObjectName(u"routes.inspector.routeRetry"_s);
    addSection(column, tr("Retry the same target on"), m_retry);
    m_fallback = new FailureChips(tr("Go to the next row on"));
    m_fallback->setObjectName(u"routes.inspector.routeFallback"_s);
    addSection(column, tr("Go to the next row on"), m_fallback);
    column->addSpacing(6);
    connect(m_attempts, &QSpinBox::valueChanged, this, [this](int attempts) { change(tr("attempts of a route"), [attempts](Route &route) { route.retry.attempts = attempts; }, u"attempts"_s); });
    connect(m_base, &DurationField::valueChanged, this, [this] {
        if (m_base->value())
            change(tr("backoff of a route"), [value = *m_base->value()](Route &route) { route.retry.backoff.base = value; }, u"backoff"_s);
    });
    connect(m_max, &DurationField::valueChanged, this, [this] {
        if (m_max->value())
            change(tr("backoff of a route"), [value = *m_max->value()](Route &route) { route.retry.backoff.max = value; }, u"backoff max"_s);
    });
    connect(m_retry, &FailureChips::changed, this, [this] { change(tr("what a route retries"), [set = m_retry->items()](Route &route) { route.retry.on = set; }); });
    connect(m_fallback, &FailureChips::changed, this, [this] { change(tr("what moves on to the next row"), [set = m_fallback->items()](Route &route) { route.fallbackOn = set; }); });
}

void RouteForm::show(const Editing &editing)
{
    m_editing = editing;
    const Route &route = *editing.route;
    if (!m_name->hasFocus() || !m_name->property("invalid").toBool()) {
        setTextQuietly(m_name, bridge::qt(route.name));
        setInvalid(m_name, {});
    }
    m_aliases->setNames(bridge::qtList(route.aliases));
    const QSignalBlocker quietEnabled(m_enabled), quietAttempts(m_attempts);
    m_enabled->setChecked(route.enabled);
    m_unsupported->setCurrentIndex(m_unsupported->findData(int(route.unsupported)));
    m_policy->setCurrentIndex(m_policy->findData(int(route.onContentPolicy)));
    m_attempts->setValue(route.retry.attempts);
    m_base->setValue(route.retry.backoff.base);
    m_max->setValue(route.retry.backoff.max);
    m_retry->setItems(route.retry.on);
    m_fallback->setItems(route.fallbackOn);
    m_rescue->show(*editing.config, route, editing.editable);
    m_keeping->show(*editing.config, route, editing.editable);
    setEditable({m_name, m_aliases, m_base, m_max, m_enabled, m_unsupported, m_policy, m_attempts, m_retry, m_fallback}, editing.editable);
}

} // namespace

NodeForm *makeRouteForm(std::function<void()> openCalls, std::function<void()> openCache, QWidget *parent) { return new RouteForm(std::move(openCalls), std::move(openCache), parent); }

} // namespace ui::routes

#include "route_form.moc"

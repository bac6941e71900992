// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/explain_panel.h"

#include "ui/bridge/text.h"
#include "ui/panes/pair_rows.h"
#include "ui/panes/routes/call_samples.h"
#include "ui/panes/routes/explanation_view.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/json_field.h"
#include "ui/widgets/theme.h"

#include <QCoreApplication>
#include <QPlainTextEdit>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;
using gateway::Endpoint;
using gateway::api::ExplainQuery;

namespace {

constexpr int panelWidth = 344, bodyHeight = 108, settleMs = 200;
constexpr const char *metadataHeader = "x-signalbox-metadata";

} // namespace

ExplainPanel::ExplainPanel(QWidget *parent)
    : SidePanel(Icon::Info, tr("Explain a call"), parent, panelWidth), m_form(new QComboBox), m_key(new QComboBox), m_model(new QLineEdit), m_metadata(new JsonField), m_headers(nullptr), m_body(new QPlainTextEdit),
      m_result(new ExplanationView), m_settle(new QTimer(this))
{
    setObjectName(u"routes.explanation"_s);
    m_settle->setSingleShot(true);
    m_settle->setInterval(settleMs);
    connect(m_settle, &QTimer::timeout, this, &ExplainPanel::queryChanged);
    QVBoxLayout *column = addScrolledColumn();
    setUpCall(column);
    addLine(column);
    column->addWidget(m_result);
    auto *note = words(tr("Nothing is sent. What rests now and what limits have left counts as it would for a call; costs are by the prices, times are what the targets took of late."));
    note->setContentsMargins(16, 12, 16, 12);
    column->addWidget(note);
    column->addStretch(1);
    refreshSample();
}

void ExplainPanel::setUpCall(QVBoxLayout *column)
{
    const auto settle = [this] { m_settle->start(); };
    FieldGrid grid(column);
    for (const CallForm &form : callForms())
        m_form->addItem(QCoreApplication::translate("ui::routes", form.name), static_cast<int>(form.endpoint));
    m_form->setObjectName(u"routes.explain.form"_s);
    m_form->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    grid.add(tr("Form"), m_form);
    connect(m_form, &QComboBox::activated, this, [this] {
        refreshSample();
        m_settle->start();
    });
    m_model->setObjectName(u"routes.explain.model"_s);
    m_model->setPlaceholderText(tr("as the body says"));
    m_model->setToolTip(tr("What the call asks for: this route, one of its aliases, or a model that it takes"));
    grid.add(tr("Model"), m_model);
    connect(m_model, &QLineEdit::textEdited, this, [this] {
        refreshSample();
        m_settle->start();
    });
    m_key->setObjectName(u"routes.explain.key"_s);
    m_key->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    grid.add(tr("Key"), m_key);
    connect(m_key, &QComboBox::activated, this, settle);
    m_metadata->setObjectName(u"routes.explain.metadata"_s);
    m_metadata->setPlaceholderText(u"{\"tier\": \"free\"}"_s);
    grid.add(tr("Metadata"), m_metadata);
    connect(m_metadata, &JsonField::valueChanged, this, settle);
    m_body->setObjectName(u"routes.explain.body"_s);
    m_body->setFont(monoFont(11));
    m_body->setFixedHeight(bodyHeight);
    m_body->setTabChangesFocus(true);
    grid.add(tr("Body"), m_body);
    connect(m_body, &QPlainTextEdit::textChanged, this, settle);
    m_headers = new panes::PairRows(u"routes.explain.headers"_s,
                                    {.add = tr("Add header"), .none = {}, .remove = tr("Remove this header"), .name = tr("Header"), .nameExample = u"x-signalbox-tags"_s, .value = tr("Value"), .valueExample = u"batch"_s,
                                     .twice = tr("There is one of this name already"), .foldsCase = true});
    grid.add(tr("Headers"), m_headers);
    connect(m_headers, &panes::PairRows::edited, this, settle);
    grid.addWide(makeButtons());
}

QWidget *ExplainPanel::makeButtons()
{
    auto *newest = new Button(Icon::Calls, tr("Newest call"));
    newest->setObjectName(u"routes.explain.newest"_s);
    newest->setToolTip(tr("Puts the newest call of this route in the log here: its form, key, metadata and body"));
    connect(newest, &QPushButton::clicked, this, &ExplainPanel::newestCallWanted);
    auto *another = new Button(Icon::Refresh, tr("Draw again"));
    another->setObjectName(u"routes.explain.another"_s);
    another->setToolTip(tr("Draws anew what is drawn: a split's branch, a balance's choice"));
    connect(another, &QPushButton::clicked, this, [this] {
        ++m_seed;
        Q_EMIT queryChanged();
    });
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(newest);
    row->addWidget(another);
    row->addStretch(1);
    auto *buttons = new QWidget;
    buttons->setLayout(row);
    return buttons;
}

Endpoint ExplainPanel::endpoint() const { return static_cast<Endpoint>(m_form->currentData().toInt()); }

/// A body that nobody has edited follows the form and the model.
void ExplainPanel::refreshSample()
{
    if (m_body->toPlainText() != m_sample)
        return;
    m_sample = sampleBody(endpoint(), m_model->text().isEmpty() ? m_route : m_model->text());
    m_body->setPlainText(m_sample);
}

void ExplainPanel::setRoute(const QString &name)
{
    if (name == m_route)
        return;
    const bool follows = m_model->text() == m_route;
    m_route = name;
    if (!follows)
        return;
    m_model->setText(name);
    refreshSample();
}

void ExplainPanel::setKeys(const QStringList &names) { offer(m_key, tr("none"), names); }

void ExplainPanel::setCall(const gateway::CallRecord &call)
{
    if (const int form = m_form->findData(static_cast<int>(call.endpoint)); form >= 0)
        m_form->setCurrentIndex(form);
    m_model->setText(bridge::qt(call.askedModel));
    m_key->setCurrentIndex(qMax(0, m_key->findData(bridge::qt(call.key))));
    m_metadata->setValue({call.metadata});
    m_headers->clear();
    m_body->setPlainText(bridge::qt(call.bodies.request));
    m_settle->stop();
    Q_EMIT queryChanged();
}

ExplainQuery ExplainPanel::query() const
{
    ExplainQuery query;
    query.endpoint = endpoint();
    query.body = bridge::utf8(m_body->toPlainText());
    query.route = bridge::utf8(m_model->text().trimmed());
    if (namesModelInPath(query.endpoint))
        query.pathModel = query.route;
    query.key = bridge::utf8(m_key->currentData().toString());
    for (const auto &[name, value] : m_headers->pairs())
        query.headers.emplace_back(name, value);
    if (!m_metadata->value().text.empty())
        query.headers.emplace_back(metadataHeader, m_metadata->value().text);
    query.seed = m_seed;
    return query;
}

QWidget *ExplainPanel::firstField() { return m_model; }

} // namespace ui::routes

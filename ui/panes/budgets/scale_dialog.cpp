// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/budgets/scale_dialog.h"

#include "ui/panes/budgets/bulk.h"
#include "ui/panes/form_row.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace ui::budgets {

namespace {

constexpr int mostLines = 8;

} // namespace

ScaleDialog::ScaleDialog(const gateway::config::Config &config, const std::vector<panes::ScopeRef> &scopes, QWidget *parent)
    : Dialog(widgets::Icon::Gauge, widgets::Role::Accent, tr("Scale the budgets and limits of %n scope(s)", nullptr, static_cast<int>(scopes.size())), parent), m_config(config), m_scopes(scopes),
      m_percent(new QSpinBox), m_effects(new widgets::Label(widgets::Label::Kind::Secondary))
{
    setObjectName(u"budgets.scaleDialog"_s);
    setFitting(true);
    m_percent->setObjectName(u"budgets.scaleDialog.percent"_s);
    m_percent->setRange(-90, 1000);
    m_percent->setSuffix(u" %"_s);
    m_percent->setValue(10);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setColumnStretch(1, 1);
    panes::addField(grid, 0, 0, tr("More or less by"), m_percent);
    m_effects->setObjectName(u"budgets.scaleDialog.effects"_s);
    m_effects->setWordWrap(true);
    body()->addLayout(grid);
    body()->addWidget(m_effects);
    auto *cancel = addButton(widgets::Button::Kind::Plain, tr("Cancel"));
    m_submit = addButton(widgets::Button::Kind::Primary, tr("Scale"));
    m_submit->setObjectName(u"budgets.scaleDialog.submit"_s);
    m_submit->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_percent, &QSpinBox::valueChanged, this, &ScaleDialog::preview);
    connect(m_submit, &QPushButton::clicked, this, [this] {
        const int percent = m_percent->value();
        accept();
        Q_EMIT scaled(percent);
    });
    preview();
    m_percent->setFocus();
    m_percent->selectAll();
}

void ScaleDialog::preview()
{
    gateway::config::Config after = m_config;
    scale(after, m_scopes, 1 + m_percent->value() / 100.0);
    QStringList lines = effectsOf(m_config, after, m_scopes);
    m_submit->setEnabled(!(after == m_config));
    if (lines.size() > mostLines) {
        const auto rest = static_cast<int>(lines.size()) - mostLines;
        lines.resize(mostLines);
        lines << tr("and %n more", nullptr, rest);
    }
    m_effects->setText(lines.isEmpty() ? tr("Nothing changes.") : lines.join(u'\n'));
}

} // namespace ui::budgets

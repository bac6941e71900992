// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/level_field.h"

#include "ui/panes/alerts/alert_words.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/format.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

QString notReadable(AlertUnit unit)
{
    switch (unit) {
    case AlertUnit::Share: return LevelField::tr("Write per cent, such as 5 or 0.5");
    case AlertUnit::Dollars: return LevelField::tr("Write dollars, such as 10 or 0.05");
    case AlertUnit::Seconds: return LevelField::tr("Write a time, such as 10 s or 800 ms");
    case AlertUnit::Count: break;
    }
    return LevelField::tr("Write a number, such as 100");
}

} // namespace

QString readLevel(const QString &typed, AlertUnit unit, std::optional<double> &out)
{
    out.reset();
    QString text = typed.trimmed();
    if (text.isEmpty())
        return {};
    if (unit == AlertUnit::Seconds) {
        const auto time = widgets::parseSetting(text);
        if (!time)
            return notReadable(unit);
        out = static_cast<double>(time->count()) / 1000;
        return {};
    }
    if ((text.contains(u'%') && unit != AlertUnit::Share) || (text.contains(u'$') && unit != AlertUnit::Dollars))
        return notReadable(unit); // "500 %" of calls are not 500 calls
    text.remove(u'%').remove(u'$').remove(u',').remove(u' ');
    bool ok = false;
    const double value = text.toDouble(&ok);
    if (!ok || !std::isfinite(value))
        return notReadable(unit);
    out = unit == AlertUnit::Share ? value / 100 : value;
    return {};
}

LevelField::LevelField(QWidget *parent) : QLineEdit(parent)
{
    connect(this, &QLineEdit::textEdited, this, [this](const QString &text) {
        std::optional<double> level;
        QString wrong = readLevel(text, m_unit, level);
        if (wrong.isEmpty())
            wrong = problemOf(level);
        widgets::setInvalid(this, wrong);
        if (!wrong.isEmpty() || level == m_level)
            return;
        m_level = level;
        Q_EMIT levelEdited();
    });
    connect(this, &QLineEdit::editingFinished, this, [this] {
        if (!widgets::isInvalid(this))
            setText(m_level ? valueText(*m_level, m_unit) : QString());
    });
}

QString LevelField::problemOf(const std::optional<double> &level) const
{
    if (!level)
        return m_needed ? notReadable(m_unit) : QString();
    if (*level < 0)
        return tr("It is never below 0");
    if (m_reach != Reach::Any && *level > 1)
        return tr("It is never above 100 %");
    if (m_reach == Reach::BelowWhole && *level >= 1)
        return tr("It is never above 100 %, so that this would never fire");
    return {};
}

void LevelField::setLevel(const std::optional<double> &level, AlertUnit unit)
{
    const bool sameUnit = unit == m_unit;
    m_unit = unit;
    std::optional<double> typed;
    if (level == m_level && sameUnit && (hasFocus() || widgets::isInvalid(this) || (readLevel(text(), unit, typed).isEmpty() && typed == level)))
        return;
    m_level = level;
    widgets::setInvalid(this, {});
    setText(level ? valueText(*level, unit) : QString());
}

} // namespace ui::alerts

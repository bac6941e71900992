// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/number_field.h"

#include "gateway/core/figure_text.h"
#include "ui/widgets/form_field.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::widgets {

namespace {

/// nullopt inside: nothing is typed. @return what is wrong; empty: nothing
QString readMoney(const QString &typed, std::optional<gateway::Money> &out)
{
    QString text = typed.trimmed();
    text.remove(u'$').remove(u',').remove(u' ');
    out.reset();
    if (text.isEmpty())
        return {};
    const auto read = gateway::Money::parse(text.toStdString());
    if (!read)
        return MoneyField::tr("Not an amount. Write dollars, such as 1200 or 0.50");
    if (*read < gateway::Money())
        return MoneyField::tr("Must not be less than nothing");
    out = *read;
    return {};
}

/// How amounts and counts stand everywhere else, but for their places.
QString moneyText(gateway::Money amount) { return u'$' + QString::fromStdString(gateway::grouped(amount.toDecimal())); }
QString countText(std::int64_t count) { return QString::fromStdString(gateway::grouped(std::to_string(count))); }

QString readShares(const QString &typed, std::vector<double> &out)
{
    out.clear();
    for (QString part : typed.split(u',', Qt::SkipEmptyParts)) {
        part.remove(u'%');
        part = part.trimmed();
        if (part.isEmpty())
            continue;
        bool ok = false;
        const double percent = part.toDouble(&ok);
        if (!ok || percent <= 0 || percent > 100)
            return SharesField::tr("Write per cent between 0 and 100 with commas between, such as 80, 95");
        out.push_back(percent / 100);
    }
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return {};
}

QString sharesText(const std::vector<double> &shares)
{
    QStringList parts;
    for (const double share : shares)
        parts << u"%1 %"_s.arg(QString::number(std::round(share * 1e4) / 1e2));
    return parts.join(u", "_s);
}

} // namespace

bool readCount(const QString &typed, std::optional<std::int64_t> &out)
{
    QString text = typed.trimmed();
    text.remove(u',').remove(u' ');
    out.reset();
    if (text.isEmpty())
        return true;
    bool ok = false;
    const qlonglong number = text.toLongLong(&ok);
    if (!ok || number < 1)
        return false;
    out = number;
    return true;
}

CountField::CountField(QWidget *parent) : QLineEdit(parent)
{
    connect(this, &QLineEdit::textEdited, this, [this](const QString &text) {
        std::optional<std::int64_t> value;
        const bool fine = readCount(text, value);
        setInvalid(this, fine ? QString() : tr("Must be a whole number above 0, or nothing"));
        if (!fine || value == m_value)
            return;
        m_value = value;
        Q_EMIT valueEdited();
    });
    connect(this, &QLineEdit::editingFinished, this, [this] {
        if (m_value && !isInvalid(this) && text() != countText(*m_value))
            setText(countText(*m_value));
    });
}

void CountField::setValue(const std::optional<std::int64_t> &value)
{
    std::optional<std::int64_t> typed;
    if (value == m_value && (hasFocus() || (readCount(text(), typed) && typed == value)))
        return;
    m_value = value;
    setInvalid(this, {});
    setText(value ? countText(*value) : QString());
}

MoneyField::MoneyField(QWidget *parent) : QLineEdit(parent)
{
    connect(this, &QLineEdit::textEdited, this, [this](const QString &text) {
        std::optional<gateway::Money> value;
        QString problem = readMoney(text, value);
        if (problem.isEmpty() && !value && m_needed)
            problem = tr("How many dollars?");
        setInvalid(this, problem);
        if (!problem.isEmpty() || value == m_value)
            return;
        m_value = value;
        Q_EMIT valueEdited();
    });
    connect(this, &QLineEdit::editingFinished, this, [this] {
        if (m_value && !isInvalid(this) && text() != moneyText(*m_value))
            setText(moneyText(*m_value));
    });
}

void MoneyField::setValue(const std::optional<gateway::Money> &value)
{
    std::optional<gateway::Money> typed;
    if (value == m_value && (hasFocus() || (readMoney(text(), typed).isEmpty() && typed == value)))
        return;
    m_value = value;
    setInvalid(this, {});
    setText(value ? moneyText(*value) : QString());
}

SharesField::SharesField(QWidget *parent) : QLineEdit(parent)
{
    connect(this, &QLineEdit::textEdited, this, [this](const QString &text) {
        std::vector<double> value;
        const QString problem = readShares(text, value);
        setInvalid(this, problem);
        if (!problem.isEmpty() || value == m_value)
            return;
        m_value = value;
        Q_EMIT valueEdited();
    });
    connect(this, &QLineEdit::editingFinished, this, [this] {
        if (!isInvalid(this))
            setText(sharesText(m_value));
    });
}

void SharesField::setValue(const std::vector<double> &value)
{
    std::vector<double> typed;
    if (value == m_value && (hasFocus() || (readShares(text(), typed).isEmpty() && typed == value)))
        return;
    m_value = value;
    setInvalid(this, {});
    setText(sharesText(value));
}

} // namespace ui::widgets

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <algorithm>
#include <string>
#include <vector>

/// The tree's own sources, for the tests that read them.
namespace sources {

struct SourceFile
{
    std::string path; ///< below the source folder
    std::string text;
};

/// Every file of these names in the folders that hold code; false: one cannot be read.
inline bool readSources(std::vector<SourceFile> &files, const QStringList &names = {QStringLiteral("*.h"), QStringLiteral("*.cpp")})
{
    const QDir root(QStringLiteral(SIGNALBOX_SOURCE_DIR));
    for (const char *top : {"app", "gateway", "ui", "tests", "resources", "packaging", "cmake"}) {
        QDirIterator entries(root.filePath(QString::fromLatin1(top)), names, QDir::Files, QDirIterator::Subdirectories);
        while (entries.hasNext()) {
            QFile file(entries.next());
            if (!file.open(QIODevice::ReadOnly))
                return false;
            files.push_back({root.relativeFilePath(file.fileName()).toStdString(), file.readAll().toStdString()});
        }
    }
    return true;
}

inline std::size_t lineOf(const std::string &text, std::size_t at)
{
    return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

inline bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The code with comments and the insides of literals blanked, line numbers kept.
inline std::string codeOnly(const std::string &text)
{
    std::string out = text;
    const auto blank = [&out](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < std::min(to, out.size()); ++i)
            out[i] = out[i] == '\n' ? '\n' : ' ';
    };
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        if (text.compare(i, 2, "//") == 0) {
            end = std::min(text.find('\n', i), text.size());
            blank(i, end);
        } else if (text.compare(i, 2, "/*") == 0) {
            end = std::min(text.find("*/", i), text.size() - 2) + 2;
            blank(i, end);
        } else if (text.compare(i, 2, "R\"") == 0 && (i == 0 || !isWord(text[i - 1]))) {
            const std::size_t open = text.find('(', i);
            const std::string close = ")" + text.substr(i + 2, open - i - 2) + "\"";
            end = std::min(text.find(close, open), text.size() - close.size()) + close.size();
            blank(i + 2, end - 1);
        } else if (text[i] == '"' || (text[i] == '\'' && (i == 0 || !isWord(text[i - 1])))) {
            while (end < text.size() && text[end] != text[i] && text[end] != '\n')
                end += text[end] == '\\' ? 2 : 1;
            blank(i + 1, end);
            ++end;
        }
        i = end;
    }
    return out;
}

} // namespace sources

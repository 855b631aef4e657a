// Apart from sandbox.c because it reads the ELF format.
#define _GNU_SOURCE
#include "runner.h"
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct image { const char *data; size_t size; const ElfW(Phdr) *segments; size_t count; } image;

static const void *at(const image *image, size_t offset, size_t size) {
    return offset <= image->size && size <= image->size - offset ? image->data + offset : NULL;
}

static size_t offset_of_address(const image *image, ElfW(Addr) address) {
    for (size_t i = 0; i < image->count; i++) {
        const ElfW(Phdr) *segment = &image->segments[i];
        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr && address - segment->p_vaddr < segment->p_filesz)
            return segment->p_offset + (address - segment->p_vaddr);
    }
    return SIZE_MAX;
}

/* The text of DT_RUNPATH, or of DT_RPATH; NULL if there is none that ends within the file. */
static const char *runpath(image *image) {
    const ElfW(Ehdr) *head = at(image, 0, sizeof *head);
    if (!head || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_phentsize != sizeof(ElfW(Phdr))) return NULL;
    image->count = head->e_phnum;
    image->segments = at(image, head->e_phoff, image->count * sizeof(ElfW(Phdr)));
    if (!image->segments) return NULL;
    size_t text = SIZE_MAX, strings = SIZE_MAX;
    for (size_t i = 0; i < image->count; i++) {
        if (image->segments[i].p_type != PT_DYNAMIC) continue;
        size_t count = image->segments[i].p_filesz / sizeof(ElfW(Dyn));
        const ElfW(Dyn) *entries = at(image, image->segments[i].p_offset, count * sizeof *entries);
        for (size_t j = 0; entries && j < count && entries[j].d_tag != DT_NULL; j++) {
            if (entries[j].d_tag == DT_STRTAB) strings = offset_of_address(image, entries[j].d_un.d_ptr);
            if (entries[j].d_tag == DT_RUNPATH || (entries[j].d_tag == DT_RPATH && text == SIZE_MAX)) text = entries[j].d_un.d_val;
        }
    }
    if (text == SIZE_MAX || strings >= image->size || text >= image->size - strings) return NULL;
    const char *found = image->data + strings + text;
    return memchr(found, 0, image->size - strings - text) ? found : NULL;
}

/* A library names its own RUNPATH, so a folder counts only if the Swift runtime really lies in it. */
static int holds_swift(const char *start, size_t size, char *folder, size_t capacity) {
    char runtime[PATH_MAX];
    if (size == 0 || start[0] != '/' || size >= capacity) return 0;
    memcpy(folder, start, size);
    folder[size] = 0;
    int length = snprintf(runtime, sizeof runtime, "%s/libswiftCore.so", folder);
    return length > 0 && (size_t)length < sizeof runtime && access(runtime, R_OK) == 0;
}

int runner_find_swift(const char *library, char *folder, size_t capacity) {
    struct stat what;
    int fd = open(library, O_RDONLY | O_CLOEXEC), found = 0;
    if (fd < 0) return 0;
    if (fstat(fd, &what) == 0 && S_ISREG(what.st_mode) && what.st_size > 0) {
        void *mapped = mmap(NULL, (size_t)what.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (mapped != MAP_FAILED) {
            image image = { mapped, (size_t)what.st_size, NULL, 0 };
            const char *path = runpath(&image);
            while (path && *path && !found) {
                size_t size = strcspn(path, ":");
                found = holds_swift(path, size, folder, capacity);
                path += size + (path[size] == ':');
            }
            munmap(mapped, (size_t)what.st_size);
        }
    }
    close(fd);
    return found;
}
